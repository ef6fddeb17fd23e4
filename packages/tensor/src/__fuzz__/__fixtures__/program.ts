import type { DType, HostArray } from '../../dtype.ts'
import * as exported from '../../index.ts'
import { registerReference } from '../../reference.ts'
import type { Shape } from '../../shape.ts'

registerReference()

/** The value with a number, as an argument of a call. */
export interface Reference {
  readonly ref: number
}

/** An argument that is another one in every round, as a learning rate or a key is in every step. */
export interface PerRound {
  readonly each: readonly unknown[]
}

/** A tensor made of data, other data in every round. */
export interface Leaf {
  readonly kind: 'leaf'
  readonly shape: Shape
  readonly dtype: DType
  readonly values: readonly (readonly number[])[]
}

/** One call of an exported function; `pick` names the part of its result that is meant. */
export interface Call {
  readonly kind: 'call'
  readonly name: string
  /** JSON with references and arguments per round anywhere in it. */
  readonly args: readonly unknown[]
  readonly pick: number | string | null
}

export type Item = Leaf | Call

/** A straight program over tensors: item `i` makes value `i` of values before it. */
export interface Program {
  readonly items: readonly Item[]
  /** How many times it runs: the same structure with other numbers. */
  readonly rounds: number
  /** Values that are read while the program is being built. */
  readonly reads: readonly number[]
  /** Values that are asked for in one plan at the end. */
  readonly outputs: readonly number[]
  /** Whether all other handles are disposed of before the outputs are asked for. */
  readonly dispose: boolean
}

/** What one value was in one round. */
export interface Observed {
  readonly round: number
  readonly value: number
  readonly dtype: DType
  readonly shape: Shape
  readonly data: HostArray
}

type Function = (...args: unknown[]) => unknown

/** The public functions by name. */
export const functions = exported as unknown as Readonly<Record<string, Function>>

export const isReference = (x: unknown): x is Reference => typeof x === 'object' && x !== null && 'ref' in x
export const isPerRound = (x: unknown): x is PerRound => typeof x === 'object' && x !== null && 'each' in x

/** An argument with references and arguments per round replaced. */
export function mapArgument(x: unknown, replace: (part: Reference | PerRound) => unknown): unknown {
  if (isReference(x) || isPerRound(x)) return replace(x)
  if (Array.isArray(x)) return x.map(part => mapArgument(part, replace))
  if (typeof x !== 'object' || x === null) return x
  return Object.fromEntries(Object.entries(x).map(([key, part]) => [key, mapArgument(part, replace)]))
}

/** Numbers of the values that an item is made of. */
export function inputsOf(item: Item): number[] {
  const inputs: number[] = []
  if (item.kind === 'call')
    mapArgument(item.args, part => {
      if (isReference(part)) inputs.push(part.ref)
      return part
    })
  return inputs
}

/** The tensor of an item over those before it; nothing is computed. */
export function build(item: Item, before: readonly exported.Tensor[], round: number): exported.Tensor {
  if (item.kind === 'leaf') {
    const { shape, dtype } = item
    return exported.tensor(item.values[round] as number[], { shape, dtype })
  }
  const args = item.args.map(arg => mapArgument(arg, part => (isReference(part) ? before[part.ref] : part.each[round])))
  const result = functions[item.name](...args)
  return (item.pick === null ? result : (result as Record<string, unknown>)[item.pick]) as exported.Tensor
}

/** What the oracle says of every value of one round, one after the other and without a plan for several. */
export function oracleValues(program: Program, round: number): Observed[] {
  exported.setExecutor('reference')
  const tensors: exported.Tensor[] = []
  try {
    for (const item of program.items) tensors.push(build(item, tensors, round))
    return tensors.map((t, value) => ({ round, value, dtype: t.dtype, shape: t.shape, data: t.dataSync() }))
  } finally {
    exported.setExecutor('wasm')
    for (const t of tensors) t.dispose()
  }
}

async function runRound(program: Program, round: number): Promise<Observed[]> {
  const tensors: exported.Tensor[] = []
  const observed: Observed[] = []
  const see = (value: number, data: HostArray): void => {
    const { dtype, shape } = tensors[value]
    observed.push({ round, value, dtype, shape, data })
  }
  try {
    for (const [value, item] of program.items.entries()) {
      tensors.push(build(item, tensors, round))
      if (program.reads.includes(value)) see(value, tensors[value].dataSync())
    }
    const outputs = program.outputs.map(output => tensors[output])
    // A function that has nothing to do may return its argument, so that two values are one handle.
    if (program.dispose) for (const t of tensors) if (!outputs.includes(t)) t.dispose()
    await exported.realize(...outputs)
    for (const output of program.outputs) see(output, tensors[output].dataSync())
  } finally {
    for (const t of tensors) t.dispose()
  }
  return observed
}

/** Runs a program by the executor of that name; the engine's own is current again afterwards. */
export async function run(program: Program, executor: string): Promise<Observed[]> {
  exported.setExecutor(executor)
  try {
    const observed: Observed[] = []
    for (let round = 0; round < program.rounds; round++) observed.push(...(await runRound(program, round)))
    return observed
  } finally {
    exported.setExecutor('wasm')
  }
}
