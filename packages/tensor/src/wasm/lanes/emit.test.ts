import { describe, expect, test } from 'vitest'
import { dtypes } from '../../dtype.ts'
import type { BinaryName, UnaryName } from '../../graph/node.ts'
import { binaryFunction } from '../../reference/binary-functions.ts'
import { unaryFunctions } from '../../reference/unary-functions.ts'
import { Code } from '../code.ts'
import { binaryResults, unaryResults } from './__fixtures__/accuracy.ts'
import { floatsBetween, signedSpecials, words } from './__fixtures__/floats.ts'
import { runLanes } from './__fixtures__/run-lanes.ts'
import { emitBinary, emitUnary, isEmittable } from './emit.ts'

const toBool = ['logicalNot', 'isnan', 'isfinite', 'isinf']
const unaryNames = (Object.keys(unaryFunctions) as UnaryName[]).filter(f => isEmittable(f, 'float32'))
const floatNames = unaryNames.filter(f => !toBool.includes(f))
const binaryNames = [
  ...(['add', 'sub', 'mul', 'div', 'floorDivide', 'remainder', 'fmod', 'pow', 'atan2', 'hypot'] as const),
  ...(['logaddexp', 'maximum', 'minimum', 'fmax', 'fmin'] as const),
]

const ordinary = floatsBetween(-6.3, 9.7, 1021)
const strange = signedSpecials()
/** Ordinary numbers whose neighbours need every slow branch. */
const mixed = ordinary.map((x, i) => (i % 3 ? strange[i % strange.length] : x))
const bits = (x: Float32Array) => new Uint32Array(x.buffer, x.byteOffset, x.length)
const every = (x: Float32Array, step: number, first: number) => x.filter((_, i) => i % step === first)

describe.each([
  ['plain', false],
  ['relaxed', true],
])('with %s arithmetic', (_, relaxed) => {
  test.each(floatNames)('%s does not depend on the lane and its neighbours', f => {
    const results = every(unaryResults(f, mixed, relaxed), 3, 0)
    expect(bits(results)).toEqual(bits(unaryResults(f, every(ordinary, 3, 0), relaxed)))
  })

  test.each(binaryNames)('%s does not depend on the lane and its neighbours', f => {
    const other = mixed.map((x, i) => (i % 3 ? strange[(7 * i) % strange.length] : x + 1.5))
    const results = every(binaryResults(f, mixed, other, relaxed), 3, 0)
    const alone = binaryResults(f, every(mixed, 3, 0), every(other, 3, 0), relaxed)
    expect(bits(results)).toEqual(bits(alone))
  })
})

test.each(unaryNames)('%s may write over its operand', f => {
  const dtype = toBool.includes(f) ? 'bool' : 'float32'
  const operands = [{ dtype: 'float32', data: mixed } as const]
  const fresh = runLanes(operands, dtype, (code, [x], out) => emitUnary(code, f, 'float32', x, out))
  const inPlace = runLanes(operands, dtype, (code, [x], out) => {
    emitUnary(code, f, 'float32', x, x)
    code.get(x).set(out)
  })
  expect(inPlace).toEqual(fresh)
})

const integerNames = [
  ...(['add', 'floorDivide', 'remainder', 'fmod', 'pow', 'shiftLeft', 'shiftRight', 'less', 'logicalAnd'] as const),
]

test.each([...binaryNames.map(f => [f, 'float32'] as const), ...integerNames.map(f => [f, 'int8'] as const)])(
  '%s of %s may write over either operand',
  (f, dtype) => {
    const data = dtype === 'float32' ? mixed : Int8Array.from(words(800))
    const operands = [data, data.slice().reverse()].map(values => ({ dtype, data: values }))
    const to = f === 'less' || f === 'logicalAnd' ? 'bool' : dtype
    const fresh = runLanes(operands, to, (code, [a, b], out) => emitBinary(code, f, dtype, a, b, out))
    for (const target of [0, 1])
      expect(
        runLanes(operands, to, (code, locals, out) => {
          emitBinary(code, f, dtype, locals[0], locals[1], locals[target])
          code.get(locals[target]).set(out)
        }),
      ).toEqual(fresh)
  },
)

test.each(binaryNames)('%s of a value with itself', f => {
  const result = runLanes([{ dtype: 'float32', data: mixed }], 'float32', (code, [x], out) =>
    emitBinary(code, f, 'float32', x, x, out),
  )
  expect(result).toEqual(binaryResults(f, mixed, mixed))
})

test('float16 values are float32 in lanes', () => {
  const data = Float32Array.of(1.5, -2, 0.25, 3)
  const result = runLanes([{ dtype: 'float16', data }], 'float32', (code, [x], out) =>
    emitUnary(code, 'exp', 'float16', x, out),
  )
  expect(result).toEqual(unaryResults('exp', data))
})

test('there is code for the functions of floats, none for those of bits', () => {
  expect(floatNames.length).toBeGreaterThanOrEqual(33)
  expect(isEmittable('bitwiseNot', 'float32')).toBe(false)
  expect(isEmittable('normalFromBits', 'int32')).toBe(false)
})

test.each(dtypes)('there is code for the comparisons of %s', dtype => {
  const names: BinaryName[] = ['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual', 'logicalXor']
  expect(names.filter(f => !isEmittable(f, dtype))).toEqual([])
  expect(names.map(f => binaryFunction(f, dtype)(1, 1))).toEqual([1, 0, 0, 1, 0, 1, 0])
})

test('functions without code say so', () => {
  const code = new Code(2)
  expect(() => emitUnary(code, 'normalFromBits', 'int32', 0, 1)).toThrow(
    'emitUnary: there is no code for normalFromBits of int32',
  )
  expect(() => emitBinary(code, 'bitwiseAnd', 'float32', 0, 1, 0)).toThrow(
    'emitBinary: there is no code for bitwiseAnd of float32',
  )
})
