import { describe, expect, it } from 'vitest'
import type { HostRoutine } from '../graph/node.ts'
import { operand, runKernel, runKernelExactly } from './__fixtures__/run-kernel.ts'

const weighted: HostRoutine = ([x, w], [shape], out) => {
  for (let r = 0; r < shape[0]; r++) {
    out[r] = 0
    for (let c = 0; c < shape[1]; c++) out[r] += x[r * shape[1] + c] * w[c]
  }
}

describe('host', () => {
  it('hands dense arrays and shapes to the routine', () => {
    const x = operand([1, 2, 3, 4, 5, 6], 'float32', [3, 2], { strides: [1, 3] })
    const w = operand([0, 10, 1], 'float32', [2], { offset: 1 })
    expect(runKernel({ kind: 'host', name: 'weighted', run: weighted }, 'float32', [3], [x, w])).toEqual([14, 25, 36])
  })

  it('hands on float64 arrays in an exact run', () => {
    const x = operand(Float64Array.of(0.1), 'float32', [1, 1])
    const w = operand(Float64Array.of(3), 'float32', [1])
    expect(runKernelExactly({ kind: 'host', name: 'weighted', run: weighted }, 'float32', [1], [x, w])).toEqual([
      0.1 * 3,
    ])
  })

  it('passes on what the routine throws', () => {
    const run: HostRoutine = () => {
      throw new RangeError('inverse: matrix 0 is singular')
    }
    expect(() => runKernel({ kind: 'host', name: 'inverse', run }, 'float32', [1], [])).toThrow(
      'inverse: matrix 0 is singular',
    )
  })
})
