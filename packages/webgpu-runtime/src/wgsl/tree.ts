import type { TreeAccumulator } from './accumulator.ts'

const memoryOf = (type: string, part: number): string => `memory_${type}${part}`

/** Declarations of the workgroup memory that trees over some accumulators need; bools have no size there. */
export function sharedMemory(accumulators: readonly TreeAccumulator[], workgroup: number): string {
  const names = new Map<string, string>()
  for (const { types } of accumulators)
    types.forEach((type, part) => {
      names.set(memoryOf(type, part), type === 'bool' ? 'u32' : type)
    })
  return [...names].map(([name, type]) => `var<workgroup> ${name}: array<${type}, ${workgroup}>;`).join('\n')
}

/** How a device shares the sum, say, of a row among invocations. */
export interface Sharing {
  /** Whether there are subgroups to join by. @default false */
  readonly subgroups?: boolean
  /** Whether barriers cost so much that a row is one invocation's, where there are enough rows. @default false */
  readonly alone?: boolean
}

/** How the lanes of a row lie in a workgroup. */
export interface TreeShape {
  readonly rows: number
  readonly lanes: number
  /** @default none */
  readonly sharing?: Sharing
}

/** Statements that join what the lanes of a row have gathered and leave it in the state of each of them. */
export const treeOf = (accumulator: TreeAccumulator, shape: TreeShape): string[] =>
  shape.sharing?.subgroups && shape.rows === 1 ? bySubgroups(accumulator, shape.lanes) : byHalves(accumulator, shape)

/** The values of a state as workgroup memory holds them, which has no bools. */
const inMemory = (type: string, value: string): string => (type === 'bool' ? `select(0u, 1u, ${value})` : value)

/** Statements that write some values of a state to place `l`. */
const writeTo = (types: TreeAccumulator['types'], values: readonly string[]): string[] =>
  types.map((type, part) => `${memoryOf(type, part)}[l] = ${inMemory(type, values[part])};`)

/** The values of a state at a place. */
const readFrom = (types: TreeAccumulator['types'], at: string): string[] =>
  types.map((type, part) => {
    const value = `${memoryOf(type, part)}[${at}]`
    return type === 'bool' ? `(${value} != 0u)` : value
  })

function byHalves({ types, state, merge }: TreeAccumulator, { rows, lanes }: TreeShape): string[] {
  const write = writeTo(types, state)
  return [
    ...write,
    'workgroupBarrier();',
    `for (var s = ${lanes / 2}u; s > 0u; s >>= 1u) {`,
    'if (lane < s) {',
    ...merge(readFrom(types, rows === 1 ? 'l + s' : `l + s * ${rows}u`)),
    ...write,
    '}',
    'workgroupBarrier();',
    '}',
    ...readFrom(types, `l % ${rows}u`).map((value, part) => `${state[part]} = ${value};`),
    'workgroupBarrier();',
  ]
}

/**
 * Each subgroup joins what it has and leaves it at the place of its first invocation, nothing at the others; then each
 * joins all places. How invocations are spread over subgroups, and how many these have, does not matter.
 */
const bySubgroups = ({ types, state, start, merge, joinSubgroup }: TreeAccumulator, lanes: number): string[] => [
  '{ let rank = subgroupExclusiveAdd(1u);',
  'let peers = subgroupAdd(1u);',
  ...joinSubgroup,
  ...writeTo(
    types,
    state.map((value, part) => `select(${start[part]}, ${value}, rank == 0u)`),
  ),
  'workgroupBarrier();',
  ...state.map((value, part) => `${value} = ${start[part]};`),
  `for (var s = rank; s < ${lanes}u; s += peers) {`,
  ...merge(readFrom(types, 's')),
  '}',
  ...joinSubgroup,
  'workgroupBarrier(); }',
]
