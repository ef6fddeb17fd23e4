import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setExecutor } from '@surprisal/tensor'
import { registerReference } from '@surprisal/tensor/reference'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseVectorFile } from './vectors/format.ts'
import { type Exports, runCase } from './vectors/run-case.ts'

/**
 * Declares one vitest test per case of every vectors file in `folder`, on each executor. A case whose function
 * the package does not export fails: a package holds the vectors of what it has.
 *
 * @param folder URL of the folder, as in `new URL('../vectors/', import.meta.url)`
 * @param exports the package's own exports, as in `import * as exports from './index.ts'`
 */
export function vectorTests(folder: URL, exports: Exports, executors: readonly string[] = ['wasm', 'reference']): void {
  registerReference()
  const path = fileURLToPath(folder)
  for (const executor of executors)
    describe(`vectors on ${executor}`, () => {
      beforeAll(() => setExecutor(executor))
      afterAll(() => setExecutor('wasm'))
      for (const file of readdirSync(path).filter(name => name.endsWith('.json')))
        describe(file, () => {
          for (const entry of parseVectorFile(readFileSync(join(path, file), 'utf8'), file).cases)
            it(`${entry.call ?? 'program'}: ${entry.name}`, async () => {
              expect(await runCase(entry, exports)).toEqual({ status: 'passed' })
            })
        })
    })
}
