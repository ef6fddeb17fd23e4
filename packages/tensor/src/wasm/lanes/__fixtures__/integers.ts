import { type HostArray, hostArray } from '../../../dtype.ts'
import type { BinaryName } from '../../../graph/node.ts'
import { binaryFunction } from '../../../reference/binary-functions.ts'
import { emitBinary } from '../emit.ts'
import { words } from './floats.ts'
import { runLanes } from './run-lanes.ts'

export type IntegerDType = 'int32' | 'uint8' | 'int8'

const edges = [
  ...[0, 1, -1, 2, -2, 3, 5, 7, -7, 8, 9, 31, 32, 33, 100, -100, 127, 128, -128, 255, 1000, 65537, -65536],
  ...[2147483647, 2147483646, -2147483648, -2147483647, 46341, -46341],
]

/** All pairs of edges, then as many random pairs of all magnitudes. */
export function integerPairs(dtype: IntegerDType): [HostArray, HostArray] {
  const count = edges.length ** 2
  const a = hostArray(dtype, 2 * count)
  const b = hostArray(dtype, 2 * count)
  const random = words(4 * count, 11)
  for (let i = 0; i < count; i++) {
    a[i] = edges[i % edges.length]
    b[i] = edges[Math.floor(i / edges.length)]
    a[count + i] = random[4 * i] >> (random[4 * i + 1] % 32)
    b[count + i] = random[4 * i + 2] >> (random[4 * i + 3] % 32)
  }
  return [a, b]
}

/** Results of the generated code beside those of the definition. */
export function bothResults(f: BinaryName, dtype: IntegerDType, a: HostArray, b: HostArray, to: IntegerDType | 'bool') {
  const operands = [a, b].map(data => ({ dtype, data }))
  const result = runLanes(operands, to, (code, [x, y], out) => emitBinary(code, f, dtype, x, y, out))
  const definition = binaryFunction(f, dtype)
  const expected = hostArray(to, a.length)
  for (let i = 0; i < a.length; i++) expected[i] = definition(a[i], b[i])
  return { result, expected }
}
