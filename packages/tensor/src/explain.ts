import { defaultDevice, otherDevices } from './device.ts'
import { byDevice, waitingFor } from './devices/waiting.ts'
import { SurprisalError } from './error.ts'
import { type Explanation, explainSteps } from './explain-steps.ts'
import { planSteps } from './fusion/steps.ts'
import { trace } from './fusion/trace.ts'
import type { Node } from './graph/node.ts'
import { pendingTargets } from './graph/pending.ts'
import { isTransfer } from './graph/transfer.ts'
import { asTensor } from './operand.ts'
import { nodeOf, type TensorLike } from './tensor.ts'
import { isFusible } from './wasm/compile-plan.ts'
import { lowerPlan } from './wasm/lower-plan.ts'

export type { ExplainedGroup, Explanation } from './explain-steps.ts'

/**
 * The plan of a read, without running it: which kernels, over what, what is stored and why. Each device explains what
 * it would compute; a GPU says how many shaders it runs. A tensor that has been computed has an empty plan.
 * @param tensors one or several, as for `realize`
 * @throws {SurprisalError} `argument` where the read would copy from device to device: such parts are to be read first
 */
export function explain(...tensors: TensorLike[]): Explanation {
  const nodes = tensors.map((tensor, i) => nodeOf(asTensor('explain', `tensor ${i}`, tensor), 'explain'))
  const others = otherDevices()
  if (others && waitingFor(nodes).nodes.some(isTransfer))
    throw new SurprisalError(
      'argument',
      'explain: copies between devices must be made before (await realize(...) them)',
    )
  const { targets } = pendingTargets(nodes)
  const parts = [...byDevice(targets, defaultDevice())].map(([device, own]) =>
    device !== 'cpu' && others?.has(device) ? others.backendOf(device).explain(own) : explainHere(own),
  )
  return parts.length === 1 ? parts[0] : joined(parts)
}

function explainHere(targets: readonly Node[]): Explanation {
  const plan = planSteps(trace(targets), isFusible)
  const { temporaryBytes } = lowerPlan(plan, { relaxed: false, threads: 1 })
  return explainSteps(plan, { device: 'cpu', temporaryBytes })
}

const joined = (parts: readonly Explanation[]): Explanation => ({
  groups: parts.flatMap(({ groups }) => groups),
  temporaryBytes: parts.reduce((most, { temporaryBytes }) => Math.max(most, temporaryBytes), 0),
  toString: () => parts.join('\n') || 'temporary: 0 B',
})
