import { type DType, type HostArray, hostArray, integerRange, isFloat, roundToHalf } from '../../../dtype.ts'
import type { Access, Group, Instruction } from '../../../fusion/group.ts'
import type { ReduceName } from '../../../graph/node.ts'
import { binaryFunction } from '../../../reference/binary-functions.ts'
import { unaryFunction } from '../../../reference/unary-functions.ts'
import { sizeOf } from '../../../shape.ts'
import { threefry2x32 } from '../../../threefry.ts'

/** A number of a run: a scalar, or the two words of a key. */
export type Slot = number | readonly [number, number]

/** What running a group gives. */
export interface Outcome {
  /** The buffers afterwards. */
  readonly buffers: readonly HostArray[]
  /** Number of the first instruction with a wrong value plus 1, and the value; zeros if there is none. */
  readonly status: readonly [number, number]
}

const at = ({ strides, offset }: Access, position: readonly number[]): number =>
  position.reduce((sum, p, d) => sum + p * strides[d], offset)

function* positions(space: readonly number[], dims: readonly number[]): Generator<number[]> {
  const count = dims.reduce((product, d) => product * space[d], 1)
  for (let n = 0; n < count; n++) {
    const position = space.map(() => 0)
    let rest = n
    for (const d of [...dims].reverse()) {
      position[d] = rest % space[d]
      rest = Math.floor(rest / space[d])
    }
    yield position
  }
}

/** As storing the number in an array of the dtype rounds or wraps it. */
function rounded(dtype: DType, value: number): number {
  if (dtype === 'bool') return Number(value !== 0)
  if (dtype === 'float16') return roundToHalf(value)
  const array = hostArray(dtype, 1)
  array[0] = value
  return array[0]
}

function converted(from: DType, to: DType, x: number): number {
  if (!isFloat(from) || isFloat(to) || to === 'bool') return rounded(to, x)
  const [low, high] = integerRange[to as 'int32' | 'uint8' | 'int8']
  return Number.isNaN(x) ? 0 : Math.trunc(Math.min(Math.max(x, low), high))
}

function position(values: readonly number[], sign: 1 | -1): number {
  const nan = values.findIndex(Number.isNaN)
  if (nan >= 0) return nan
  let best = 0
  values.forEach((x, i) => {
    if (sign * x > sign * values[best]) best = i
  })
  return best
}

const reductions: Readonly<Record<ReduceName, (values: readonly number[], float: boolean) => number>> = {
  sum: (values, float) => values.reduce((a, b) => (float ? a + b : (a + b) | 0), 0),
  prod: (values, float) => values.reduce((a, b) => (float ? a * b : Math.imul(a, b)), 1),
  max: values => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  min: values => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
  any: values => Number(values.some(x => x !== 0)),
  all: values => Number(values.every(x => x !== 0)),
  argmax: values => position(values, 1),
  argmin: values => position(values, -1),
}

/** Runs a group one value after the other over its whole space, in float64 and rounded to each value's dtype. */
export function interpret(group: Group, buffers: readonly HostArray[], slots: readonly Slot[] = []): Outcome {
  const { space, reduced, instructions, stores } = group
  const dims = space.map((_, d) => d)
  const keptDims = dims.filter(d => !reduced.includes(d))
  const kept = space.map((size, d) => (reduced.includes(d) ? 1 : size))
  const count = sizeOf(space)
  const all = [...positions(space, dims)]
  const columnOf = all.map(p => keptDims.reduce((n, d) => n * space[d] + p[d], 0))
  const columns = sizeOf(kept)
  const memory = buffers.map(buffer => buffer.slice())
  let status: [number, number] = [0, 0]
  const values: number[][] = []
  const perElement = (compute: (n: number) => number, dtype: DType) =>
    Array.from({ length: count }, (_, n) => rounded(dtype, compute(n)))

  const compute = (instruction: Instruction, i: number): number[] => {
    const { dtype } = instruction
    switch (instruction.kind) {
      case 'load':
        return perElement(n => buffers[instruction.buffer][at(instruction.access, all[n])], dtype)
      case 'lookup':
        return perElement(n => {
          const index = values[instruction.index][n]
          const valid = index >= 0 && index < instruction.size
          if (!valid && status[0] === 0) status = [i + 1, index]
          return buffers[instruction.buffer][at(instruction.access, all[n]) + (valid ? index : 0) * instruction.stride]
        }, dtype)
      case 'constant':
        return perElement(() => instruction.value, dtype)
      case 'scalar':
        return perElement(() => slots[instruction.slot] as number, dtype)
      case 'iota': {
        const [start, step] = [slots[instruction.start] as number, slots[instruction.step] as number]
        return perElement(n => start + at(instruction.access, all[n]) * step, dtype)
      }
      case 'random': {
        const key = slots[instruction.key] as readonly [number, number]
        return perElement(n => {
          const [y0, y1] = threefry2x32(key, [0, at(instruction.access, all[n])])
          return y0 ^ y1
        }, dtype)
      }
      case 'unary': {
        const apply = unaryFunction(instruction.f, instructions[instruction.x].dtype)
        return perElement(n => apply(values[instruction.x][n]), dtype)
      }
      case 'binary': {
        const apply = binaryFunction(instruction.f, instructions[instruction.a].dtype)
        return perElement(n => apply(values[instruction.a][n], values[instruction.b][n]), dtype)
      }
      case 'select': {
        const { condition, a, b } = instruction
        return perElement(n => (values[condition][n] ? values[a][n] : values[b][n]), dtype)
      }
      case 'cast': {
        const from = instructions[instruction.x].dtype
        return Array.from({ length: count }, (_, n) => converted(from, dtype, values[instruction.x][n]))
      }
      case 'reduce': {
        const gathered: number[][] = Array.from({ length: columns }, () => [])
        columnOf.forEach((column, n) => {
          gathered[column].push(values[instruction.x][n])
        })
        const float = isFloat(dtype)
        const results = gathered.map(column => rounded(dtype, reductions[instruction.f](column, float)))
        perColumn[i] = results
        return columnOf.map(column => results[column])
      }
    }
  }
  const perColumn: (number[] | undefined)[] = []
  instructions.forEach((instruction, i) => {
    values.push(compute(instruction, i))
  })
  // Rows without elements still have results, which follow from reductions and numbers only.
  const emptyRows = count === 0 && columns > 0
  const shadow = emptyRows ? interpretEmptyRows(group, columns, perColumn, slots) : null
  for (const { value, buffer, each } of stores) {
    const target = memory[buffer]
    if (each === 'element') for (const [n, x] of values[value].entries()) target[n] = x
    else if (shadow) for (let column = 0; column < columns; column++) target[column] = shadow[value][column]
    else for (const [n, column] of columnOf.entries()) target[column] = values[value][n]
  }
  return { buffers: memory, status }
}

/** The values of each row when rows are empty; instructions that read memory give NaN. */
function interpretEmptyRows(
  { instructions }: Group,
  columns: number,
  reduced: readonly (number[] | undefined)[],
  slots: readonly Slot[],
): number[][] {
  const values: number[][] = []
  instructions.forEach((instruction, i) => {
    const one = (column: number): number => {
      switch (instruction.kind) {
        case 'constant':
          return instruction.value
        case 'scalar':
          return slots[instruction.slot] as number
        case 'unary':
          return unaryFunction(instruction.f, instructions[instruction.x].dtype)(values[instruction.x][column])
        case 'binary': {
          const apply = binaryFunction(instruction.f, instructions[instruction.a].dtype)
          return apply(values[instruction.a][column], values[instruction.b][column])
        }
        default:
          return Number.NaN
      }
    }
    values.push(reduced[i] ?? Array.from({ length: columns }, (_, column) => rounded(instruction.dtype, one(column))))
  })
  return values
}
