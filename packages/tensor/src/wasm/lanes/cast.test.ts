import { describe, expect, test } from 'vitest'
import { type DType, dtypes, type HostArray, hostArray, isFloat, roundToHalf } from '../../dtype.ts'
import { floatsOfAllExponents, words } from './__fixtures__/floats.ts'
import { runLanes } from './__fixtures__/run-lanes.ts'
import { emitCast } from './cast.ts'

const range: Partial<Record<DType, [number, number]>> = {
  int32: [-2147483648, 2147483647],
  uint8: [0, 255],
  int8: [-128, 127],
}

/** A cast by the definition: floats saturate, integers wrap, which storing does. */
function expected(x: HostArray, from: DType, to: DType): HostArray {
  const out = hostArray(to, x.length)
  const limits = range[to]
  for (let i = 0; i < x.length; i++) {
    if (to === 'bool') out[i] = Number(x[i] !== 0)
    else if (to === 'float16') out[i] = roundToHalf(x[i])
    else if (limits && isFloat(from)) out[i] = Math.min(Math.max(Math.trunc(x[i]) || 0, limits[0]), limits[1])
    else out[i] = x[i]
  }
  return out
}

function operandOf(dtype: DType): HostArray {
  if (dtype === 'bool') return Uint8Array.of(0, 1, 1, 0, 1)
  if (dtype === 'float16') return floatsOfAllExponents(8).map(roundToHalf)
  if (dtype === 'float32') {
    const edges = [0.5, -0.5, 1.9, -1.9, 127.9, -128.9, 255.9, 256, 2147483520, 2147483648, -2147483648, -2147483904]
    return Float32Array.of(...floatsOfAllExponents(8), ...edges, ...words(999).map(word => word >>> 20))
  }
  const out = hostArray(dtype, 1200)
  const random = words(1200)
  out.set([0, 1, 255, 256, -1, -128, -129, 2147483647, -2147483648, 16777217, 16777219, 65520, 2049])
  for (let i = 20; i < out.length; i++) out[i] = random[i] >> (i % 32)
  return out
}

describe.each(dtypes)('from %s', from => {
  test.each(dtypes)('to %s', to => {
    const data = operandOf(from)
    const result = runLanes([{ dtype: from, data }], to, (code, [x], out) => emitCast(code, from, to, x, out))
    expect(result).toEqual(expected(data, from, to))
  })
})

test('a cast may write over its operand', () => {
  const data = Float32Array.of(1.5, -300, 1e10, Number.NaN)
  const result = runLanes([{ dtype: 'float32', data }], 'int8', (code, [x], out) => {
    emitCast(code, 'float32', 'int8', x, x)
    code.get(x).set(out)
  })
  expect(result).toEqual(Int8Array.of(1, -128, 127, 0))
})
