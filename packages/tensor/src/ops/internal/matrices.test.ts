import { describe, expect, it } from 'vitest'
import { gradients } from '../../index.ts'
import { expectError, expectTensor, float, numbers, tensorOf } from '../__fixtures__/test-tools.ts'
import { matricesOf, perMatrix, perMatrixPacked, squaresOf, systemOf, times, turned, unpack } from './matrices.ts'

const six = [1, 2, 3, 4, 5, 6]

describe('stacks', () => {
  it('flatten leading dims and bring them back, with the dtype', () => {
    const { x, restore } = matricesOf('test', tensorOf('float16', six, [3, 1, 2]))
    expectTensor(x, 'float32', [3, 1, 2], six)
    expectTensor(restore(x), 'float16', [3, 1, 2], six)
    expect(matricesOf('test', float(six, [3, 2])).x.shape).toEqual([1, 3, 2])
    expect(matricesOf('test', float([], [0, 4, 2, 2])).x.shape).toEqual([0, 2, 2])
    expectTensor(matricesOf('test', tensorOf('uint8', [7], [1, 1])).restore(float([7])), 'float32', [], [7])
  })

  it('need two dims, equal ones for square matrices', () => {
    expectError(() => matricesOf('test', float([1])), 'shape', 'test: expected at least 2 dims, got shape [1]')
    expectError(
      () => squaresOf('test', float(six, [1, 3, 2])),
      'shape',
      'test: expected square matrices, got [1, 3, 2]',
    )
  })

  it('of a system are broadcast; vectors stay vectors', () => {
    const { a, b, restore } = systemOf('test', float(six, [3, 1, 2]), float([7], [1]), false)
    expectTensor(a, 'float32', [3, 1, 2], six)
    expectTensor(b, 'float32', [3, 1, 1], [7, 7, 7])
    expectTensor(restore(float(six, [3, 2, 1])), 'float32', [3, 2], six)
    const each = systemOf('test', float(six, [3, 1, 2]), float([7, 8, 9], [3, 1]), false)
    expectTensor(each.b, 'float32', [3, 1, 1], [7, 8, 9])
    const matrices = systemOf('test', float(six, [3, 1, 2]), float([7, 8], [1, 2]), false)
    expect(matrices.restore(float([...six, ...six], [3, 2, 2])).shape).toEqual([3, 2, 2])
  })

  it('are multiplied and transposed', () => {
    const x = float(six, [1, 2, 3])
    expectTensor(turned(x), 'float32', [1, 3, 2], [1, 4, 2, 5, 3, 6])
    expectTensor(times(x, turned(x)), 'float32', [1, 2, 2], [14, 32, 32, 77])
    expectTensor(times(x, turned(x), float([1, 0], [1, 2, 1])), 'float32', [1, 2, 1], [14, 32])
  })
})

describe('host nodes', () => {
  const x = float(six, [3, 1, 2])

  it('compute one matrix after the other, in float64', () => {
    const ratios = perMatrix('test', [x], [], ([matrix]) => [matrix[0] / matrix[1]])
    expectTensor(ratios, 'float32', [3], [1 / 2, 3 / 4, 5 / 6].map(Math.fround))
    expectTensor(
      perMatrix('test', [x, float([10, 20, 30], [3, 1])], [2], ([a, b]) => a.map(y => y * b[0])),
      'float32',
      [3, 2],
      [10, 20, 60, 80, 150, 180],
    )
  })

  it('hold several results, which are told apart with their gradients', () => {
    const parts = [[2], [], [1, 1]]
    const packed = perMatrixPacked('test', [x], parts, ([matrix]) => [matrix, [matrix[0] + matrix[1]], [matrix[0]]])
    const [copies, sums, firsts] = unpack('test', packed, 3, parts)
    expectTensor(copies, 'float32', [3, 2], six)
    expectTensor(sums, 'float32', [3], [3, 7, 11])
    expectTensor(firsts, 'float32', [3, 1, 1], [1, 3, 5])
    const [gradient] = gradients(sums.mul(float([1, 2, 3])).sum(), [packed])
    expect(numbers(gradient)).toEqual([0, 0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 0])
  })

  it('name the matrix that fails', () => {
    const failing = perMatrix('test', [x], [], ([matrix], fail) => {
      if (matrix[0] === 3) throw fail('odd')
      return [0]
    })
    expectError(() => failing.dataSync(), 'argument', 'test: matrix 1 is odd')
  })
})
