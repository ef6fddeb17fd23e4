import { describe, expect, it } from 'vitest'
import {
  cumsum,
  indexSelect,
  matmul,
  normalFromBits,
  SurprisalError,
  setExecutor,
  sort,
  tensor,
  zeros,
} from '../index.ts'
import { registerReference } from '../reference.ts'
import { isEmittable } from '../wasm/lanes/emit.ts'
import { referenceKernels } from './executor.ts'
import { fallbackLoops } from './loops.ts'
import { specialFunctions } from './special-functions.ts'
import { unaryFunctions } from './unary-functions.ts'

describe('fallbackLoops', () => {
  it('are the loops of the oracle, but for functions of one operand', () => {
    const { unary, ...others } = fallbackLoops
    expect(referenceKernels).toMatchObject(others)
    expect(unary).not.toBe(referenceKernels.unary)
  })

  it('have every function of one operand that generated code lacks, and no other', () => {
    const names = Object.keys(unaryFunctions) as (keyof typeof unaryFunctions)[]
    const dtypes = ['float32', 'int32', 'bool'] as const
    const lacking = names.filter(f => !dtypes.some(dtype => isEmittable(f, dtype)))
    expect(lacking.sort()).toEqual(Object.keys(specialFunctions).sort())
  })

  it('give the engine what the oracle has', async () => {
    registerReference()
    const bits = tensor([0, 1, -1, 2 ** 30], { dtype: 'int32' })
    const halves = tensor([3, 1, 2], { dtype: 'float16' })
    const read = async () => [
      await normalFromBits(bits).data(),
      await cumsum(halves).data(),
      await sort(halves).indices.data(),
    ]
    const fast = await read()
    setExecutor('reference')
    try {
      expect(await read()).toEqual(fast)
    } finally {
      setExecutor('wasm')
    }
  })

  it('leave primitives without elements alone, but for wrong indices', async () => {
    expect(matmul(zeros([0, 3]), zeros([3, 2])).dataSync()).toEqual(new Float32Array(0))
    expect(matmul(zeros([2, 0]), zeros([0, 1])).dataSync()).toEqual(new Float32Array(2))
    const index = tensor([3], { dtype: 'int32' })
    expect(() => indexSelect(zeros([3, 0]), 0, index).dataSync()).toThrow(
      new SurprisalError('index', 'indexSelect: index 3 is out of range for dim 0 with size 3'),
    )
  })
})
