import * as tensor from '@surprisal/tensor'
import * as runtime from '@surprisal/webgpu-runtime'
// Not by the package's name, whose module reads files and so is nothing for a page.
import { parseVectorFile } from '../../../../packages/testing/src/vectors/format.ts'
import { type Exports, runCase } from '../../../../packages/testing/src/vectors/run-case.ts'

const exportsOf = { tensor, 'webgpu-runtime': runtime } as unknown as Readonly<Record<string, Exports>>

/** A file of conformance cases and the folder of the package that they speak of. */
export interface VectorText {
  readonly path: string
  readonly package: string
  readonly text: string
}

/** What came of some files: a problem for each case that fails or has no function. */
export interface VectorCases {
  readonly passed: number
  readonly problems: readonly string[]
}

/** Runs all cases of some files on the default device. */
export async function runVectorCases(files: readonly VectorText[]): Promise<VectorCases> {
  let passed = 0
  const problems: string[] = []
  for (const { path, package: name, text } of files)
    for (const entry of parseVectorFile(text, path).cases) {
      const outcome = await runCase(entry, exportsOf[name])
      if (outcome.status === 'passed') passed += 1
      else {
        const what = outcome.status === 'failed' ? outcome.problems.join('; ') : `${outcome.missing} is not exported`
        problems.push(`${path}: ${entry.name}: ${what}`)
      }
    }
  return { passed, problems }
}
