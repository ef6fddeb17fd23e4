import { expect, test } from 'vitest'
import { Assembler } from './assembler.ts'
import type { Code, ValueType } from './code.ts'
import {
  type LaneOperation,
  laneOpcodes,
  type MemoryLaneOperation,
  type MemoryOperation,
  memoryLaneOpcodes,
  memoryOpcodes,
  type Operation,
  opcodes,
} from './opcodes.ts'

interface Signature {
  readonly parameters: ValueType[]
  readonly results: ValueType[]
}

/** Lane types of a vector name and the scalar type that a lane is handed over as. */
const laneTypes: Record<string, ValueType> = {
  i8x16: 'i32',
  i16x8: 'i32',
  i32x4: 'i32',
  i64x2: 'i64',
  f32x4: 'f32',
  f64x2: 'f64',
}

const isOneOf = (name: string, ...names: string[]): boolean => names.includes(name)

/** What an instruction must pop and push, read off its name. */
function signatureOf(operation: Operation): Signature {
  const [type, name] = operation.split('.')
  const lane = laneTypes[type]
  if (!lane && type !== 'v128') return scalarSignature(type as ValueType, name)
  if (name === 'splat') return { parameters: [lane], results: ['v128'] }
  if (isOneOf(name, 'any_true', 'all_true', 'bitmask')) return { parameters: ['v128'], results: ['i32'] }
  if (/^sh[lr]/.test(name)) return { parameters: ['v128', 'i32'], results: ['v128'] }
  const unary = /^(abs|neg|not|sqrt|ceil|floor|trunc|nearest|popcnt|extend|convert|trunc_sat|demote|promote)/.test(name)
  const ternary = /^(bitselect|relaxed_n?madd)/.test(name)
  return { parameters: Array<ValueType>(unary ? 1 : ternary ? 3 : 2).fill('v128'), results: ['v128'] }
}

function scalarSignature(type: ValueType, name: string): Signature {
  const from = /_(i32|i64|f32|f64)(_[su])?$/.exec(name)
  if (from) return { parameters: [from[1] as ValueType], results: [type] }
  if (name === 'eqz') return { parameters: [type], results: ['i32'] }
  if (/^(eq|ne|[lg][te])(_[su])?$/.test(name)) return { parameters: [type, type], results: ['i32'] }
  const unary = /^(clz|ctz|popcnt|abs|neg|ceil|floor|trunc|nearest|sqrt|extend)/.test(name)
  return { parameters: unary ? [type] : [type, type], results: [type] }
}

function validates({ parameters, results }: Signature, write: (code: Code) => void): boolean {
  const assembler = new Assembler()
  assembler.importMemory('host', 'memory', { initial: 0 })
  assembler.function('f', parameters, results, code => {
    parameters.forEach((_, i) => {
      code.get(i)
    })
    write(code)
  })
  return WebAssembly.validate(assembler.finish())
}

test.each(Object.keys(opcodes) as Operation[])('%s pops and pushes what its name says', operation => {
  const signature = signatureOf(operation)
  expect(validates(signature, code => code.op(operation))).toBe(true)
  expect(validates({ ...signature, results: [] }, code => code.op(operation))).toBe(false)
})

test.each(Object.keys(laneOpcodes) as LaneOperation[])('%s takes a lane number in range', operation => {
  const [type, name] = operation.split('.')
  const lanes = Number(type.split('x')[1])
  const scalar = laneTypes[type]
  const signature: Signature = name.startsWith('extract')
    ? { parameters: ['v128'], results: [scalar] }
    : { parameters: ['v128', scalar], results: ['v128'] }
  expect(validates(signature, code => code.lane(operation, lanes - 1))).toBe(true)
  expect(validates(signature, code => code.lane(operation, lanes))).toBe(false)
})

test.each(Object.keys(memoryOpcodes) as MemoryOperation[])('%s has its natural alignment', operation => {
  const [type, name] = operation.split('.') as [ValueType, string]
  const signature: Signature = name.startsWith('store')
    ? { parameters: ['i32', type], results: [] }
    : { parameters: ['i32'], results: [type] }
  expect(validates(signature, code => code.memory(operation, 1000))).toBe(true)
  const width = /(\d+)x(\d+)/.exec(name)
  const bits = width ? Number(width[1]) * Number(width[2]) : Number(/\d+/.exec(name)?.[0] ?? type.slice(1))
  expect(2 ** memoryOpcodes[operation][1]).toBe(bits / 8)
})

test.each(Object.keys(memoryLaneOpcodes) as MemoryLaneOperation[])('%s moves one lane', operation => {
  const bits = Number(/\d+/.exec(operation.split('.')[1])?.[0])
  const results: ValueType[] = operation.includes('load') ? ['v128'] : []
  const signature: Signature = { parameters: ['i32', 'v128'], results }
  expect(validates(signature, code => code.memoryLane(operation, 128 / bits - 1, 8))).toBe(true)
  expect(validates(signature, code => code.memoryLane(operation, 128 / bits, 8))).toBe(false)
  expect(2 ** memoryLaneOpcodes[operation][1]).toBe(bits / 8)
})

/** Applies a vector operation to four floats each and reads the four results. */
function onFloats(operation: Operation, ...operands: number[][]): number[] {
  const memory = new WebAssembly.Memory({ initial: 1 })
  const view = new Float32Array(memory.buffer)
  view.set(operands.flat())
  const assembler = new Assembler()
  assembler.importMemory('host', 'memory', { initial: 1 })
  assembler.function('run', [], [], code => {
    code.i32(1024)
    operands.forEach((_, i) => {
      code.i32(0).memory('v128.load', i * 16)
    })
    code.op(operation).memory('v128.store')
  })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assembler.finish()), { host: { memory } })
  ;(exports.run as () => void)()
  return [...view.subarray(256, 260)]
}

const a = [1, -2, 8, Number.NaN]
const b = [3, 4, -2, 1]

test.each([
  ['f32x4.add', [4, 2, 6, Number.NaN]],
  ['f32x4.sub', [-2, -6, 10, Number.NaN]],
  ['f32x4.mul', [3, -8, -16, Number.NaN]],
  ['f32x4.div', [Math.fround(1 / 3), -0.5, -4, Number.NaN]],
  ['f32x4.min', [1, -2, -2, Number.NaN]],
  ['f32x4.max', [3, 4, 8, Number.NaN]],
  ['f32x4.pmin', [1, -2, -2, Number.NaN]],
  ['f32x4.pmax', [3, 4, 8, Number.NaN]],
] as const)('%s computes on four floats', (operation, expected) => {
  expect(onFloats(operation, a, b)).toEqual(expected)
})

test('pmin and pmax keep a NaN of their first operand only', () => {
  expect(onFloats('f32x4.pmin', b, a)).toEqual([1, -2, -2, 1])
  expect(onFloats('f32x4.pmax', b, a)).toEqual([3, 4, 8, 1])
})

test.each([
  ['f32x4.abs', [2.5, 2.5, 1.5, 0.25]],
  ['f32x4.neg', [-2.5, 2.5, -1.5, -0.25]],
  ['f32x4.ceil', [3, -2, 2, 1]],
  ['f32x4.floor', [2, -3, 1, 0]],
  ['f32x4.trunc', [2, -2, 1, 0]],
  ['f32x4.nearest', [2, -2, 2, 0]],
] as const)('%s rounds or changes the sign', (operation, expected) => {
  expect(onFloats(operation, [2.5, -2.5, 1.5, 0.25])).toEqual(expected)
})

test('relaxed_madd adds to a product', () => {
  expect(onFloats('f32x4.relaxed_madd', [1, 2, 3, 4], [5, 6, 7, 8], [100, 200, 300, 400])).toEqual([105, 212, 321, 432])
})
