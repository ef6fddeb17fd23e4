import { readdirSync, readFileSync } from 'node:fs'
import type { VectorText } from './vector-cases.ts'

const packages = new URL('../../../../packages/', import.meta.url)

/** The conformance files that the tensor library and the runtime carry. */
export const vectorTexts = (): VectorText[] =>
  ['tensor', 'webgpu-runtime'].flatMap(name =>
    readdirSync(new URL(`${name}/vectors/`, packages))
      .filter(file => file.endsWith('.json'))
      .map(file => ({
        path: `${name}/vectors/${file}`,
        package: name,
        text: readFileSync(new URL(`${name}/vectors/${file}`, packages), 'utf8'),
      })),
  )
