import type { Accumulator } from './accumulator.ts'

const memoryOf = (type: string, part: number): string => `memory_${type}${part}`

/** Declarations of the workgroup memory that trees over some accumulators need; bools have no size there. */
export function sharedMemory(accumulators: readonly Accumulator[], workgroup: number): string {
  const names = new Map<string, string>()
  for (const { types } of accumulators)
    types.forEach((type, part) => {
      names.set(memoryOf(type, part), type === 'bool' ? 'u32' : type)
    })
  return [...names].map(([name, type]) => `var<workgroup> ${name}: array<${type}, ${workgroup}>;`).join('\n')
}

/** Statements that join what the lanes of a row have gathered and leave it in the state of each of them. */
export function treeOf({ types, state, merge }: Accumulator, rows: number, lanes: number): string[] {
  const write = types.map((type, part) => {
    const value = type === 'bool' ? `select(0u, 1u, ${state[part]})` : state[part]
    return `${memoryOf(type, part)}[l] = ${value};`
  })
  const read = (at: string): string[] =>
    types.map((type, part) => {
      const value = `${memoryOf(type, part)}[${at}]`
      return type === 'bool' ? `(${value} != 0u)` : value
    })
  return [
    ...write,
    'workgroupBarrier();',
    `for (var s = ${lanes / 2}u; s > 0u; s >>= 1u) {`,
    'if (lane < s) {',
    ...merge(read(rows === 1 ? 'l + s' : `l + s * ${rows}u`)),
    ...write,
    '}',
    'workgroupBarrier();',
    '}',
    ...read(`l % ${rows}u`).map((value, part) => `${state[part]} = ${value};`),
    'workgroupBarrier();',
  ]
}
