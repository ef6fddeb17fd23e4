import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * The one that the environment variable `BENCH_PYTHON` names, the one on the path, and that of the system, where
 * distributions install PyTorch.
 */
const usualPlaces = [process.env.BENCH_PYTHON, 'python3', '/usr/bin/python3'].filter(name => name !== undefined)

/**
 * The first Python that has torch.
 *
 * @param candidates commands to try in turn. @default `BENCH_PYTHON`, `python3` and `/usr/bin/python3`
 * @throws Error where none has
 */
export async function findPython(candidates: readonly string[] = usualPlaces): Promise<string> {
  for (const python of candidates) {
    const found = await run(python, ['-c', 'import numpy, torch']).then(
      () => true,
      () => false,
    )
    if (found) return python
  }
  throw new Error('no python3 here has torch and numpy')
}
