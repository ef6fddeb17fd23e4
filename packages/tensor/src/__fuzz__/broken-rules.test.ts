import { afterEach, describe, expect, it } from 'vitest'
import { mul } from '../gradient/algebra.ts'
import { binaryRules } from '../gradient/binary.ts'
import { unaryRules } from '../gradient/unary.ts'
import { stopGradient } from '../index.ts'
import { fuzzGradients } from './__fixtures__/programs.ts'

const right = { unary: { ...unaryRules }, binary: { ...binaryRules } }

afterEach(() => {
  Object.assign(unaryRules, right.unary)
  Object.assign(binaryRules, right.binary)
})

const find = (order: 1 | 2 = 1) => fuzzGradients({ runs: 150, seed: 21, order })
const called = (failure: string | null): string => failure?.split('S.gradients')[0] ?? ''

describe('a gradient rule that is wrong', () => {
  it.each(['exp', 'abs', 'tanh', 'erf'] as const)('by a hundredth, for %s, is found', async name => {
    unaryRules[name] = (dy, x, y) => mul(right.unary[name](mul(dy, 1.01), x, y) ?? dy, 1)
    const failure = await find()
    expect(failure).toMatch(/slope of v\d+ along .* by differences, .* by gradients, both in float64\nimport \* as S/)
    expect(called(failure).match(/const v\d+ =/g)?.length).toBeLessThanOrEqual(12)
  })

  it('in a sign is found, and shown by few calls', async () => {
    binaryRules.sub = dy => [dy, dy]
    const failure = await find()
    expect(failure).toContain('by differences')
    expect(called(failure).match(/const v\d+ =/g)?.length).toBeLessThanOrEqual(12)
  })

  it('in one of two inputs is found', async () => {
    binaryRules.mul = (dy, _a, b) => [mul(dy, b), null]
    expect(await find()).toContain('by differences')
  })

  it('because it chooses the other input is found', async () => {
    binaryRules.maximum = (...given) => {
      const [toA, toB] = right.binary.maximum(...given)
      return [toB, toA]
    }
    expect(await find()).toContain('by differences')
  })

  it('only in the second order is found there and not before', async () => {
    unaryRules.exp = (dy, _x, y) => mul(dy, stopGradient(y))
    expect(await find(1)).toBeNull()
    expect(await find(2)).toContain('by differences')
  })
})
