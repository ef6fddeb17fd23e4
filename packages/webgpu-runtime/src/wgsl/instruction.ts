import { type DType, type Group, type Instruction, isFloat } from '@surprisal/tensor/backend'
import { binaryExpression } from './binary.ts'
import type { Bindings } from './bindings.ts'
import { castExpression, loadElement, typeOf, wrapped } from './elements.ts'
import { literal } from './horner.ts'
import { type IndexCheck, isSameCheck } from './index-checks.ts'
import type { Params } from './params.ts'
import type { Space } from './space.ts'
import { unaryExpression } from './unary.ts'

/** What instructions are written with. */
export interface Writer {
  readonly group: Group
  readonly params: Params
  readonly space: Space
  readonly bindings: Bindings
  /** What lookups report wrong indices as, in invocations for which `live` holds. @default none */
  readonly checks?: readonly IndexCheck[]
  readonly live?: string
}

/** The statements of instruction `i`, which declare `v<i>`; coordinates and operands are declared before. */
export function statementsOf(
  { group, params, space, bindings, checks = [], live = 'true' }: Writer,
  i: number,
): string[] {
  const instruction = group.instructions[i]
  const { dtype } = instruction
  const of = (value: number): DType => group.instructions[value].dtype
  const declare = (expression: string): string => `let v${i} = ${expression};`
  switch (instruction.kind) {
    case 'load': {
      const { name, base } = bindings.place(instruction.buffer)
      return [`let at${i} = ${space.index(instruction.access, base)};`, declare(loadElement(dtype, name, `at${i}`))]
    }
    case 'lookup': {
      const { name, base } = bindings.place(instruction.buffer)
      const inside = `u32(v${instruction.index}) < ${params.word(instruction.size)}`
      const reach = `u32(v${instruction.index}) * ${params.word(instruction.stride >>> 0)}`
      const check = checks.findIndex(known => isSameCheck(known, instruction))
      const report = `if (${live} && !(${inside})) { reportIndex(${check}u, u32(v${instruction.index})); }`
      return [
        ...(check < 0 ? [] : [report]),
        `let at${i} = select(0u, ${space.index(instruction.access, base)} + ${reach}, ${inside});`,
        declare(`select(${outsideValue(dtype)}, ${loadElement(dtype, name, `at${i}`)}, ${inside})`),
      ]
    }
    case 'constant':
      return [declare(constant(dtype, instruction.value))]
    case 'scalar': {
      const [word] = params.slot(instruction.slot)
      return [declare(dtype === 'bool' ? `(${word} != 0u)` : `bitcast<${typeOf(dtype)}>(${word})`)]
    }
    case 'iota': {
      const at = space.index(instruction.access, 0)
      const start = params.slot(instruction.start)
      const step = params.slot(instruction.step)
      if (!isFloat(dtype)) return [declare(wrapped(dtype, `bitcast<i32>(${start[0]} + (${at}) * ${step[0]})`))]
      const pair = ([high, low]: readonly string[]) => `vec2<f32>(bitcast<f32>(${high}), bitcast<f32>(${low}))`
      return [declare(wrapped(dtype, `iotaOf(${at}, ${pair(start)}, ${pair(step)})`))]
    }
    case 'random': {
      const [k0, k1] = params.slot(instruction.key)
      return [declare(`threefry(${k0}, ${k1}, ${space.index(instruction.access, 0)})`)]
    }
    case 'unary':
      return [declare(wrapped(dtype, unaryExpression(instruction.f, of(instruction.x), `v${instruction.x}`)))]
    case 'binary': {
      const { f, a, b } = instruction
      return [declare(wrapped(dtype, binaryExpression(f, of(a), `v${a}`, `v${b}`)))]
    }
    case 'select':
      return [declare(`select(v${instruction.b}, v${instruction.a}, v${instruction.condition})`)]
    case 'cast':
      return [declare(castExpression(of(instruction.x), dtype, `v${instruction.x}`))]
    case 'reduce':
      return []
  }
}

/** What a lookup with a wrong index gives. */
export const outsideValue = (dtype: DType): string => (isFloat(dtype) ? 'nanValue()' : dtype === 'bool' ? 'false' : '0')

function constant(dtype: DType, value: number): string {
  // A product with a zero that the compiler knows would be zero, whatever the other factor is, and so would 0 / x; a
  // zero of another dtype may become a float.
  if (value === 0) return isFloat(dtype) ? 'zeroValue()' : dtype === 'bool' ? '(p[0].w != 0u)' : 'bitcast<i32>(p[0].w)'
  if (dtype === 'bool') return 'true'
  // The lowest int32 is no literal.
  if (!isFloat(dtype)) return value === -2147483648 ? 'bitcast<i32>(0x80000000u)' : `i32(${value})`
  if (Number.isNaN(value)) return 'nanValue()'
  if (Math.abs(value) === Number.POSITIVE_INFINITY) return value > 0 ? 'infinity()' : '-infinity()'
  return `f32(${literal(value)})`
}

/** Whether an instruction's value is one per row, and in which sweep over the row it is known. */
export type Levels = readonly { readonly varies: boolean; readonly level: number }[]

/** Which values change along the reduced axes, and how many reductions stand before each. */
export function levelsOf(
  instructions: readonly Instruction[],
  space: Space,
  operands: (i: Instruction) => readonly number[],
): Levels {
  const levels: { varies: boolean; level: number }[] = []
  for (const instruction of instructions) {
    const from = operands(instruction).map(x => levels[x])
    const level = Math.max(0, ...from.map(x => x.level))
    const moves = 'access' in instruction && space.varies(instruction.access)
    if (instruction.kind === 'reduce') levels.push({ varies: false, level: level + 1 })
    else levels.push({ varies: moves || from.some(x => x.varies), level })
  }
  return levels
}
