import type { Lowered } from '../lowered.ts'
import type { EpilogueCode } from './epilogue.ts'
import type { BlockPlan } from './layout.ts'

/** Where the result of a product goes. */
export interface Output {
  readonly plan: BlockPlan
  readonly epilogue: EpilogueCode | null
}

/** The part of a phase's key that tells the plan of its block; nothing for a product alone. */
export function planKey(plan: BlockPlan): string {
  if (plan.out !== null) return ''
  return `; ${plan.a} and ${plan.b} of ${plan.buffers} buffers, ${plan.scalars} scalars, ${plan.wordsBefore} words`
}

/** Lets the epilogue follow as a phase of its own upon a product that leaves its result behind its workspace. */
export function withEpilogue(product: Lowered, { epilogue }: Output, elements: number): Lowered {
  if (!epilogue) return product
  const place = product.workspaceBytes
  return {
    phases: [...product.phases, epilogue.phase(place)],
    workspaceBytes: place + elements * 4,
  }
}
