import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { asTensor, build, counting, type Dense, expectDense, read } from './__fixtures__/test-arrays.ts'
import { expectError, expectTensor, float, tensorOf } from './__fixtures__/test-tools.ts'
import { einsum } from './einsum.ts'

/** Sums over all values of all letters, one after the other. */
function naive(equation: string, operands: Dense[]): Dense {
  const [left, right] = equation.split('->')
  const terms = left.split(',').map(term => [...term])
  const output = [...right]
  const sizes = new Map<string, number>()
  terms.forEach((labels, t) => {
    labels.forEach((label, d) => {
      sizes.set(label, operands[t].shape[d])
    })
  })
  const letters = [...sizes.keys()]
  const inner = letters.filter(letter => !output.includes(letter))
  return build(
    output.map(label => sizes.get(label) as number),
    place => {
      const summed = build(
        inner.map(label => sizes.get(label) as number),
        rest => {
          const at = (label: string) =>
            output.includes(label) ? place[output.indexOf(label)] : rest[inner.indexOf(label)]
          return terms.reduce((product, labels, t) => product * read(operands[t], labels.map(at)), 1)
        },
      )
      return summed.data.reduce((sum, value) => sum + value, 0)
    },
  )
}

/** Small numbers in a shape, so that sums stay exact. */
const small = (shape: number[]): Dense => {
  const { data } = counting(shape)
  return { shape, data: data.map(value => (value % 5) + 1) }
}

describe('the value', () => {
  const equations = [
    'i->',
    'i->i',
    'ij->ji',
    'ij->i',
    'ij->j',
    'ii->',
    'ii->i',
    'iji->j',
    'iii->i',
    'ijk->kij',
    'i,i->',
    'i,i->i',
    'i,j->ij',
    'i,j->ji',
    'ij,jk->ik',
    'ij,kj->ki',
    'ij,ij->',
    'ij,ji->',
    'bij,bjk->bik',
    'bhqd,bhkd->bhqk',
    'ij,j->i',
    'ij,->ij',
    ',->',
    'ij,k->jk',
    'ii,ij->j',
    'ijk,jil->kl',
    'ij,jk,kl->il',
    'i,j,k->ijk',
    'ab,bc,cd,da->',
    'ij,ik,il->jkl',
    'i,ij,j->',
    'abc,cd,db->a',
    'a,ab,abc,abcd->d',
  ]
  const size = fc.integer({ min: 0, max: 3 })
  for (const equation of equations)
    it(`of ${equation} is the sum over all letters`, () => {
      fc.assert(
        fc.property(fc.array(size, { minLength: 8, maxLength: 8 }), dims => {
          const letters = [...new Set(equation.replace(/[^a-z]/g, ''))]
          const shapeOf = (term: string) => [...term].map(letter => dims[letters.indexOf(letter)])
          const operands = equation
            .split('->')[0]
            .split(',')
            .map(term => small(shapeOf(term)))
          expectDense(einsum(equation, ...operands.map(asTensor)), naive(equation, operands))
        }),
        { numRuns: 15 },
      )
    })

  it('ignores spaces, takes a list and options', () => {
    const [a, b] = [small([2, 3]), small([3, 2])]
    const expected = naive('ij,jk->ik', [a, b])
    expectDense(einsum(' i j , jk -> ik ', asTensor(a), asTensor(b), {}), expected)
    expectDense(einsum('ij,jk->ik', [asTensor(a), asTensor(b)]), expected)
  })

  it('has an implicit output of single letters in alphabetical order', () => {
    const [a, b] = [small([2, 3]), small([3, 4])]
    expectDense(einsum('ij,jk', asTensor(a), asTensor(b)), naive('ij,jk->ik', [a, b]))
    expectDense(einsum('ba', asTensor(a)), naive('ba->ab', [a]))
    expectTensor(einsum('ii', float([1, 2, 3, 4], [2, 2])), 'float32', [], [5])
    expectDense(einsum('aB', asTensor(a)), naive('aB->Ba', [a]))
  })

  it('broadcasts the dims of an ellipsis', () => {
    const [a, b] = [small([2, 1, 2, 3]), small([3, 3, 2])]
    const expected = asTensor(a).matmul(asTensor(b))
    for (const equation of ['...ij,...jk->...ik', '...ij,...jk']) {
      const out = einsum(equation, asTensor(a), asTensor(b))
      expectDense(out, { shape: expected.shape, data: Array.from(expected.dataSync()) })
    }
    expectTensor(einsum('...i->i...', float([1, 2, 3, 4, 5, 6], [2, 3])), 'float32', [3, 2], [1, 4, 2, 5, 3, 6])
    expectTensor(einsum('i...->...', float([1, 2, 3, 4], [2, 2])), 'float32', [2], [4, 6])
    expectTensor(einsum('...,...->...', float([1, 2]), float([3], [1])), 'float32', [2], [3, 6])
    expectTensor(einsum('...i,i->...', float([1, 2]), float([3, 4])), 'float32', [], [11])
    expectTensor(einsum('...i->i', float([1, 2, 3, 4], [2, 2])), 'float32', [2], [4, 6])
  })
})

describe('dtypes', () => {
  it('are those of matmul', () => {
    const byte = tensorOf('int8', [100, 100])
    expectTensor(einsum('i,i->', byte, byte), 'int32', [], [20000])
    expectTensor(einsum('i,j->ij', byte, byte), 'int32', [2, 2], [10000, 10000, 10000, 10000])
    expectTensor(einsum('i->', byte), 'int32', [], [200])
    expectTensor(einsum('i->i', byte), 'int8', [2], [100, 100])
    expectTensor(einsum('i,i->', byte, tensorOf('uint8', [255, 1])), 'int32', [], [25600])
    expectTensor(einsum('i,i->', tensorOf('bool', [1, 1]), tensorOf('bool', [1, 1])), 'int32', [], [2])
    expectTensor(einsum('i,i->', byte, float([0.5, 0.5])), 'float32', [], [100])
  })

  it('round halves once', () => {
    const ones = tensorOf('float16', [1, 1, 1])
    expectTensor(einsum('i,i,i->', tensorOf('float16', [2048, 1, 1]), ones, ones), 'float16', [], [2050])
  })
})

describe('the gradient', () => {
  const [x, y, z] = [float([1, 2, 3, 4], [2, 2]), float([0.5, -1, 2, 1], [2, 2]), float([1, -2])]

  for (const equation of ['ij,jk->ik', 'ij,ij->i', 'ij,kl->jk', 'ii,ij->j', '...i,...j->...ij'])
    it(`of ${equation} is right`, () => {
      gradcheck((a, b) => einsum(equation, a, b).square(), [x, y], { order: 2 })
    })

  it('of three operands is right', () => {
    gradcheck((a, b, c) => einsum('ij,jk,k->i', a, b, c).square(), [x, y, z], { order: 2 })
  })
})

describe('what einsum refuses', () => {
  const x = float([1, 2, 3, 4, 5, 6], [2, 3])
  const refuse = (equation: unknown, code: 'shape' | 'argument', message: string) =>
    it(message, () => expectError(() => einsum(equation as string, x, x), code, message))

  refuse('ij,jk->ik', 'shape', "einsum: subscript 'j' has sizes 3 and 2")
  refuse('ij,ij->k', 'argument', "einsum: output subscript 'k' is in no input")
  refuse('ij,ij->ii', 'argument', "einsum: output subscript 'i' repeats")
  refuse('ij->ij', 'argument', 'einsum: equation has 1 inputs, got 2 tensors')
  refuse('ij,i->j', 'shape', "einsum: subscripts 'i' do not fit shape [2, 3]")
  refuse('ij,ijk->j', 'shape', "einsum: subscripts 'ijk' do not fit shape [2, 3]")
  refuse('ij,i1->j', 'argument', "einsum: subscripts must be letters and at most one '...', got 'i1'")
  refuse('ij,ij->i->j', 'argument', "einsum: equation must have one '->', got 'ij,ij->i->j'")
  refuse('i...,...j->ij', 'shape', "einsum: subscript '...' has sizes 3 and 2")
  refuse(3, 'argument', 'einsum: equation must be a string, got number')

  it('no tensors', () => {
    expectError(() => einsum('->'), 'argument', 'einsum: expected at least one tensor')
  })

  it('more than 8 output dims', () => {
    const t = float([1], [1, 1, 1, 1, 1])
    expectError(
      () => einsum('abcde,fghij->abcdefghij', t, t),
      'shape',
      'einsum: rank must be at most 8, got [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]',
    )
  })
})
