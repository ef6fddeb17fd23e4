import { tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { checked, finiteTensor, integerTensor, tensorOf } from './arguments.ts'
import { bytesFor, readCode, writeCodes } from './bit-stream.ts'
import { blocksOf, type GranularityOptions } from './granularity.ts'
import { codeRange, parametersOf } from './scheme.ts'

describe('blocksOf', () => {
  it.each<[GranularityOptions, number[], number[], number[]]>([
    [{}, [2, 3, 4], [1, 1, 1], []],
    [{ granularity: 'channel' }, [2, 3, 4], [2, 1, 1], [2]],
    [{ granularity: 'channel', axis: -2 }, [2, 3, 4], [1, 3, 1], [3]],
    [{ granularity: 'token' }, [2, 3, 4], [2, 3, 1], [2, 3]],
    [{ granularity: 'group', groupSize: 2 }, [2, 3, 2, 2], [2, 3, 2, 1], [2, 3, 2]],
    [{ granularity: 'group', groupSize: 4 }, [2, 3, 1, 4], [2, 3, 1, 1], [2, 3, 1]],
  ])('cuts [2, 3, 4] by %o', (options, view, kept, scale) => {
    const blocks = blocksOf('f', 'x', [2, 3, 4], options)
    expect([blocks.view, blocks.kept, blocks.scale]).toEqual([view, kept, scale])
    expect(blocks.view.filter((_, dim) => !blocks.dims.includes(dim))).toEqual(scale)
  })

  it.each([0, -2, 1.5, 3, undefined])('refuses groups of %o', groupSize => {
    expect(() => blocksOf('f', 'x', [2, 4], { granularity: 'group', groupSize })).toThrow(
      `f: groupSize must divide the last dim of x [2, 4], got ${groupSize}`,
    )
  })
})

describe('codeRange and parametersOf', () => {
  it('know the codes of a scheme', () => {
    expect(codeRange('f', {})).toEqual({ low: 0, high: 255, symmetric: false })
    expect(codeRange('f', { scheme: 'symmetric' })).toEqual({ low: -127, high: 127, symmetric: true })
    expect(codeRange('f', { scheme: 'symmetric', bits: 2 }, false)).toEqual({ low: -2, high: 1, symmetric: true })
  })

  it('work on ranges of any shape', () => {
    const { scale, zero } = parametersOf(tensor([[-1], [0]]), tensor([[1], [6]]), codeRange('f', { bits: 2 }))
    expect([scale.shape, Array.from(zero.dataSync())]).toEqual([
      [2, 1],
      [2, 0],
    ])
    expect(scale.dataSync()[0]).toBeCloseTo(2 / 3, 6)
    expect(scale.dataSync()[1]).toBe(2)
  })
})

describe('bit streams', () => {
  it('hold what was written', () => {
    const codes = [5, 0, 31, 17, 8, 30, 1]
    const bytes = new Uint8Array(bytesFor(codes.length, 5))
    writeCodes(codes, 0, codes.length, 5, bytes)
    expect(codes.map((_, i) => readCode(bytes, 0, i, 5))).toEqual(codes)
  })

  it('begin anywhere', () => {
    const bytes = new Uint8Array(2)
    writeCodes([9, 9, 3, 2], 2, 2, 4, bytes.subarray(1))
    expect(Array.from(bytes)).toEqual([0, 0x23])
    expect([readCode(bytes, 1, 0, 4), readCode(bytes, 1, 1, 4)]).toEqual([3, 2])
  })

  it.each([
    [0, 3, 0],
    [8, 1, 1],
    [9, 1, 2],
    [3, 3, 2],
    [1, 8, 1],
  ])('%d codes of %d bits need %d bytes', (count, bits, bytes) => {
    expect(bytesFor(count, bits)).toBe(bytes)
  })
})

describe('arguments', () => {
  it('are looked at when they are read', () => {
    const x = checked('f', 'x', tensor([1, -1]), value => value > 0, 'must be positive')
    expect(() => x.dataSync()).toThrow('f: x must be positive, got -1 at index 1')
    expect(() => finiteTensor('f', 'x', tensor([Number.NEGATIVE_INFINITY])).dataSync()).toThrow(
      'f: x must not hold non-finite values, got -Infinity at index 0',
    )
  })

  it('are of the right kind', () => {
    expect(() => tensorOf('f', 'x', 'x' as never)).toThrow('f: x must be a tensor, got string')
    expect(() => integerTensor('f', 'x', tensor([true]))).toThrow('f: x must be integers, got bool')
    expect(() => finiteTensor('f', 'x', tensor([1], { dtype: 'int8' }))).toThrow('f: x must be float, got int8')
  })
})
