import { registerExecutor } from './executor.ts'
import { createReferenceExecutor } from './reference/executor.ts'
import { contractKernel } from './wasm/contract.ts'

/** Plain loops in float64 over the primitives: the oracle of tests. */
export const referenceExecutor = createReferenceExecutor({ name: 'reference' })

registerExecutor(createReferenceExecutor({ name: 'wasm', overrides: { contract: contractKernel } }))
registerExecutor(referenceExecutor)

export { setExecutor } from './executor.ts'
