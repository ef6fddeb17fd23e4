import type { Moves } from '../fusion/loops/rows.ts'
import type { KernelStep, LoopPart, LoopStep, Steps } from '../fusion/steps.ts'
import { type LowerOptions, lowerStep } from './lower-step.ts'
import type { Lowered } from './lowered.ts'
import { planMemory } from './memory-plan.ts'

/** A kernel and its code, null where there is only the primitive's plain loop. */
export interface LoweredKernel {
  readonly step: KernelStep
  readonly lowered: Lowered | null
  /** Number of its workspace among the plan's addresses. */
  readonly workspace: number
}

/** A kernel of a loop, and the one that adds to what earlier rows have given where that is another one. */
export interface LoweredBody {
  readonly first: LoweredKernel
  readonly later: LoweredKernel | null
  readonly moves: readonly Moves[]
}

export interface LoweredPart extends Pick<LoopPart, 'from' | 'to' | 'block'> {
  readonly body: readonly LoweredBody[]
}

/** A step of a plan: one kernel, or the parts of a loop. */
export type LoweredStep = LoweredKernel | { readonly step: LoopStep; readonly parts: readonly LoweredPart[] }

/** The code of a plan and the memory between its kernels. */
export interface LoweredPlan {
  readonly steps: readonly LoweredStep[]
  /** All kernels, those of loops among them, in order. */
  readonly kernels: readonly LoweredKernel[]
  /** Pairs of a value or workspace and its offset in the memory of plans. */
  readonly temporaries: readonly (readonly [number, number])[]
  readonly temporaryBytes: number
  /** How many addresses there are: of values, then of workspaces. */
  readonly addresses: number
}

/** Chooses the code of every kernel of a plan and places what lives between them. */
export function lowerPlan(source: Steps, options: LowerOptions): LoweredPlan {
  const { values, steps } = source
  const kernels: LoweredKernel[] = []
  const temporaries: [number, number][] = []
  let addresses = values.length

  const kernelOf = (step: KernelStep, accumulate = false): LoweredKernel => {
    const kernel = { step, lowered: lowerStep(step, values, { ...options, accumulate }), workspace: addresses++ }
    kernels.push(kernel)
    return kernel
  }
  const workspaceOf = ({ lowered }: LoweredKernel): number => lowered?.workspaceBytes ?? 0
  const partOf = ({ body, ...range }: LoopPart): LoweredPart => ({
    ...range,
    body: body.map(({ step, moves, sums }) => ({
      first: kernelOf(step),
      later: sums ? kernelOf(step, true) : null,
      moves,
    })),
  })
  /** What lives within one turn of a part, at offsets from its own beginning. */
  const innerOf = ({ body }: LoweredPart, makes: readonly number[]) => {
    const inner = body.map(({ first }) => first)
    const own = { values, steps: inner.map(({ step }) => step), outputs: makes }
    const { offsets, workspaces, bytes } = planMemory(own, inner.map(workspaceOf))
    const placed: [number, number][] = [...offsets]
    for (const [at, offset] of workspaces) {
      const { first, later } = body[at]
      placed.push([first.workspace, offset])
      if (later) placed.push([later.workspace, offset])
    }
    return { placed, bytes }
  }

  const lowered = steps.map(
    (step): LoweredStep => (step.kind === 'loop' ? { step, parts: step.parts.map(partOf) } : kernelOf(step)),
  )
  const inner = lowered.map(step => ('parts' in step ? step.parts.map(part => innerOf(part, step.step.makes)) : []))
  const memory = planMemory(
    source,
    lowered.map((step, at) => ('parts' in step ? Math.max(...inner[at].map(({ bytes }) => bytes)) : workspaceOf(step))),
  )
  temporaries.push(...memory.offsets)
  for (const [at, base] of memory.workspaces) {
    const step = lowered[at]
    if (!('parts' in step)) temporaries.push([step.workspace, base])
    for (const { placed } of inner[at]) for (const [value, offset] of placed) temporaries.push([value, base + offset])
  }
  return { steps: lowered, kernels, temporaries, temporaryBytes: memory.bytes, addresses }
}
