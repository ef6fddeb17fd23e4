import { registerExecutor } from './executor.ts'
import { createReferenceExecutor } from './reference/executor.ts'

/** Plain loops in float64 over the primitives, each result rounded once: the oracle of tests. */
export const referenceExecutor = createReferenceExecutor({ name: 'reference' })

/**
 * Makes the plain loops known, so that `setExecutor('reference')` chooses them. They are apart from the library, because
 * only tests need them. Calling it again changes nothing.
 */
export function registerReference(): void {
  registerExecutor(referenceExecutor)
}
