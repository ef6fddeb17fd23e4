import { describe, expect, it } from 'vitest'
import { cases } from './cases.ts'
import * as loops from './loops.ts'
import { runProgram } from './program.ts'

describe('loops', () => {
  it('know small results by heart', () => {
    expect([...loops.matmul(Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6), 2, 2, 1)]).toEqual([17, 39])
    expect([...loops.softmax(Float64Array.of(0, Math.log(3), 1, 1), 2)]).toEqual([0.25, expect.closeTo(0.75), 0.5, 0.5])
    expect([...loops.sorted(Float32Array.of(3, 1, 2, -1), 2)]).toEqual([1, 3, -1, 2])
    expect(loops.crossEntropy(Float64Array.of(0, Math.log(3)), [1], 2)[0]).toBeCloseTo(Math.log(4 / 3))
    const ones = new Float32Array(9).fill(1)
    expect([...loops.conv2d(ones, ones, 1, 3, 1)]).toEqual([4, 6, 4, 6, 9, 6, 4, 6, 4])
    expect([...loops.numbers(3, 1)]).toEqual([...loops.numbers(3, 1)])
  })

  it('have gradients that agree with differences', () => {
    const x = loops.numbers(6, 1)
    const weight = loops.numbers(6, 2)
    const difference = (f: (y: Float64Array) => number, i: number): number => {
      const at = (step: number) => f(Float64Array.from(x, (value, j) => (i === j ? value + step : value)))
      return (at(1e-5) - at(-1e-5)) / 2e-5
    }
    const weighted = (y: Float64Array) => loops.softmax(y, 3).reduce((sum, value, i) => sum + value * weight[i], 0)
    loops.softmaxGradient(x, weight, 3).forEach((slope, i) => {
      expect(slope).toBeCloseTo(difference(weighted, i), 6)
    })
    loops.crossEntropyGradient(x, [2, 0], 3).forEach((slope, i) => {
      expect(slope).toBeCloseTo(
        difference(y => loops.crossEntropy(y, [2, 0], 3)[0], i),
        6,
      )
    })
  })
})

describe('runProgram', () => {
  it('finds what is wrong', async () => {
    const [matmul, softmax, ...others] = cases
    const { problems, bits, threads, helped } = await runProgram([
      { ...matmul, compute: () => matmul.compute().add(1) },
      { ...softmax, expected: () => new Float64Array(2) },
      ...others,
    ])
    const wrong = [expect.stringMatching(/^matmul, /), expect.stringMatching(/^softmax, .*: 30720 numbers, not 2$/)]
    expect(problems).toEqual([...wrong, ...wrong, ...wrong])
    expect([bits.two, threads, helped > 0]).toEqual([bits.one, 2, true])
  })
})
