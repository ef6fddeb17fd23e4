import { SurprisalError } from '@surprisal/tensor'
import type { Group, Instruction } from '@surprisal/tensor/backend'
import { expect, it } from 'vitest'
import { checksOf, isSameCheck, wordsPerCheck, wrongIndex } from './index-checks.ts'

const access = { strides: [1], offset: 0 }
const lookup = (dim: number, size: number): Instruction => ({
  kind: 'lookup',
  dtype: 'float32',
  buffer: 0,
  access,
  index: 0,
  stride: 1,
  size,
  dim,
  op: 'gather',
})
const groupOf = (...instructions: Instruction[]): Group => ({
  kind: 'pointwise',
  space: [3],
  reduced: [],
  buffers: ['float32'],
  instructions,
  scalars: 0,
  stores: [],
})

it('lists what the lookups of a group check, each once', () => {
  const load: Instruction = { kind: 'load', dtype: 'int32', buffer: 1, access }
  expect(checksOf(groupOf(load, lookup(1, 4), lookup(1, 4), lookup(0, 4)))).toEqual([
    { op: 'gather', dim: 1, size: 4 },
    { op: 'gather', dim: 0, size: 4 },
  ])
  expect(checksOf(groupOf(load))).toEqual([])
})

it('tells checks apart by all that a message names', () => {
  const check = { op: 'take', dim: 0, size: 3 }
  expect(isSameCheck(check, { ...check })).toBe(true)
  expect(isSameCheck(check, { ...check, op: 'put' })).toBe(false)
  expect(isSameCheck(check, { ...check, dim: 1 })).toBe(false)
  expect(isSameCheck(check, { ...check, size: 4 })).toBe(false)
})

it('gives the error of the first check that has failed', () => {
  const checks = [
    { op: 'take', dim: 0, size: 3 },
    { op: 'gather', dim: 1, size: 5 },
  ]
  const status = new Uint32Array(checks.length * wordsPerCheck)
  expect(wrongIndex(checks, status)).toBeNull()
  status.set([1, -2 >>> 0], 2)
  expect(wrongIndex(checks, status)).toEqual(
    new SurprisalError('index', 'gather: index -2 is out of range for dim 1 with size 5'),
  )
  status.set([1, 0])
  expect(wrongIndex(checks, status)).toEqual(
    new SurprisalError('index', 'take: index 0 is out of range for dim 0 with size 3'),
  )
})
