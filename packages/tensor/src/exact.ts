import { SurprisalError } from './error.ts'
import { elementsOf, type Storage } from './graph/storage.ts'
import { referenceExecutor } from './reference.ts'
import { schedule } from './schedule.ts'
import { nodeOf, type Tensor } from './tensor.ts'

/**
 * A function that computes `outputs` in float64, nothing rounded, from float64 values of the given leaves: what
 * finite differences need. The leaves must be float tensors made from data.
 * @throws {SurprisalError} `argument` when a leaf does not hold data
 */
export function exactEvaluator(
  outputs: readonly Tensor[],
  leaves: readonly Tensor[],
): (values: readonly Float64Array[]) => Float64Array[] {
  const nodes = outputs.map(output => nodeOf(output, 'exactEvaluator'))
  const computed = [...new Set(nodes)].filter(node => !node.storage)
  const plan = schedule(computed)
  const leafNodes = leaves.map(leaf => nodeOf(leaf, 'exactEvaluator'))
  const slots = leafNodes.map(({ storage }, i) => {
    if (!storage) throw new SurprisalError('argument', `exactEvaluator: leaf ${i} must hold data`)
    return plan.inputs.find(input => input.source === storage)?.slot
  })
  return values => {
    const overrides = new Map<number, Float64Array>()
    slots.forEach((slot, i) => {
      if (slot !== undefined) overrides.set(slot, values[i])
    })
    const results = referenceExecutor.runExact(plan, overrides)
    return nodes.map(node => {
      const given = leafNodes.indexOf(node)
      if (given >= 0) return values[given].slice()
      const at = computed.indexOf(node)
      return Float64Array.from(at < 0 ? elementsOf(node.storage as Storage) : results[at])
    })
  }
}
