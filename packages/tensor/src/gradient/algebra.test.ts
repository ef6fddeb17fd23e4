import { describe, expect, it } from 'vitest'
import { type Tensor, tensor } from '../index.ts'
import {
  add,
  apply,
  both,
  choose,
  div,
  equal,
  greater,
  greaterEqual,
  mul,
  neg,
  pow,
  square,
  sub,
  zerosOf,
} from './algebra.ts'

const list = (x: Tensor) => Array.from(x.dataSync())
const [a, b] = [tensor([1, -2, 4]), tensor([2, -2, 3])]

describe('the algebra of gradient rules', () => {
  it.each([
    ['add', add(a, b), [3, -4, 7]],
    ['add a number', add(a, 1), [2, -1, 5]],
    ['sub', sub(a, b), [-1, 0, 1]],
    ['mul', mul(a, b), [2, 4, 12]],
    ['div', div(a, 2), [0.5, -1, 2]],
    ['pow', pow(a, 2), [1, 4, 16]],
    ['neg', neg(a), [-1, 2, -4]],
    ['square', square(b), [4, 4, 9]],
    ['apply', apply('abs', a), [1, 2, 4]],
    ['equal', equal(a, b), [0, 1, 0]],
    ['greater', greater(a, b), [0, 0, 1]],
    ['greaterEqual', greaterEqual(a, b), [0, 1, 1]],
    ['both', both(greater(a, 0), greater(b, 2)), [0, 0, 1]],
    ['choose', choose(greater(a, 0), a, 0, a), [1, 0, 4]],
    ['choose of numbers', choose(greater(a, 0), 5, 6, a), [5, 6, 5]],
    ['zerosOf', zerosOf([2]), [0, 0]],
  ])('%s', (_, got, wanted) => {
    expect(list(got)).toEqual(wanted)
  })

  it('gives numbers the dtype of the other side', () => {
    const half = a.cast('float16')
    expect([add(half, 1).dtype, choose(greater(half, 0), 1, 0, half).dtype]).toEqual(['float16', 'float16'])
  })
})
