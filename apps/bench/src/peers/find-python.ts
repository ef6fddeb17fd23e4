import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * The first Python that has torch: the one that the environment variable `BENCH_PYTHON` names, the one on the path, or
 * that of the system, where distributions install it.
 *
 * @throws Error where none has
 */
export async function findPython(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  for (const python of [env.BENCH_PYTHON, 'python3', '/usr/bin/python3'].filter(name => name !== undefined)) {
    const found = await run(python, ['-c', 'import numpy, torch'], { env }).then(
      () => true,
      () => false,
    )
    if (found) return python
  }
  throw new Error('no python3 here has torch and numpy')
}
