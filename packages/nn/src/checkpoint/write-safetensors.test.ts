import { type DType, Parameter, SurprisalError, type Tensor, tensor, zeros } from '@surprisal/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Linear } from '../layers/linear.ts'
import { inspectSafetensors, readSafetensors } from './read-safetensors.ts'
import { writeSafetensors } from './write-safetensors.ts'

const list = (x: Tensor) => Array.from(x.dataSync())
const headerText = (file: Uint8Array): string =>
  new TextDecoder().decode(file.subarray(8, 8 + Number(new DataView(file.buffer).getBigUint64(0, true))))

describe('writeSafetensors', () => {
  it('writes the bytes of the format', async () => {
    const file = await writeSafetensors({ b: tensor([1]), a: tensor([2, 3], { dtype: 'uint8' }) })
    const text =
      '{"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}}'
    const padded = text.padEnd(Math.ceil(text.length / 8) * 8)
    expect(headerText(file)).toBe(padded)
    expect(Array.from(file.subarray(8 + padded.length))).toEqual([0, 0, 128, 63, 2, 3])
  })

  it('orders by width of the dtype, then by name', async () => {
    const file = await writeSafetensors({
      b: zeros([1], { dtype: 'bool' }),
      h: zeros([1], { dtype: 'float16' }),
      z: zeros([1]),
      a: zeros([1], { dtype: 'int8' }),
      y: zeros([1], { dtype: 'int32' }),
    })
    expect(inspectSafetensors(file).entries.map(({ name }) => name)).toEqual(['y', 'z', 'h', 'a', 'b'])
    expect(inspectSafetensors(file).dataStart % 8).toBe(0)
  })

  it('gives back what was written, of any dtype, shape and name', async () => {
    const range: Record<DType, [number, number]> = {
      float32: [-1000, 1000],
      float16: [-1000, 1000],
      int32: [-(2 ** 31), 2 ** 31 - 1],
      uint8: [0, 255],
      int8: [-128, 127],
      bool: [0, 1],
    }
    const one = fc.constantFrom(...(Object.keys(range) as DType[])).chain(dtype =>
      fc.record({
        name: fc.string({ unit: 'binary', maxLength: 8 }).filter(name => name !== '__metadata__'),
        shape: fc.array(fc.nat(3), { maxLength: 3 }),
        dtype: fc.constant(dtype),
        values: fc.array(fc.integer({ min: range[dtype][0], max: range[dtype][1] }), { minLength: 27, maxLength: 27 }),
      }),
    )
    const tensors = fc.uniqueArray(one, { maxLength: 5, selector: ({ name }) => name })
    await fc.assert(
      fc.asyncProperty(tensors, fc.dictionary(fc.string(), fc.string()), async (drawn, metadata) => {
        const given = Object.fromEntries(
          drawn.map(({ name, shape, dtype, values }) => {
            const size = shape.reduce((a, b) => a * b, 1)
            return [name, tensor(values.slice(0, size), { shape, dtype })]
          }),
        )
        const file = await writeSafetensors(given, { metadata })
        const back = readSafetensors(file)
        expect(Object.keys(back).sort()).toEqual(Object.keys(given).sort())
        for (const [name, value] of Object.entries(given))
          expect([back[name].shape, back[name].dtype, list(back[name])]).toEqual([
            value.shape,
            value.dtype,
            list(value),
          ])
        expect(Object.entries(inspectSafetensors(file).metadata)).toEqual(Object.entries(metadata))
      }),
      { numRuns: 60 },
    )
  })

  it('keeps what floats can be', async () => {
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 6e-8, 65504]
    for (const dtype of ['float32', 'float16'] as const) {
      const { x } = readSafetensors(await writeSafetensors({ x: tensor(odd, { dtype }) }))
      expect(list(x)).toEqual(list(tensor(odd, { dtype })))
    }
  })

  it('writes a tensor of two names once, under the first', async () => {
    const layer = new Linear(2, 2, { key: 0 })
    const { weight } = layer.stateDict()
    const file = await writeSafetensors({ weight, tied: layer.weight, other: weight })
    expect(Object.keys(readSafetensors(file))).toEqual(['weight'])
  })

  it('computes what is lazy, and writes views densely', async () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ])
    const file = await writeSafetensors({ x: x.mul(2).transpose(0, 1), cell: new Parameter(x.select(0, 1)) })
    const back = readSafetensors(file)
    expect([list(back.x), list(back.cell)]).toEqual([
      [2, 6, 4, 8],
      [3, 4],
    ])
  })

  it('writes nothing', async () => {
    const file = await writeSafetensors({})
    expect([headerText(file), readSafetensors(file)]).toEqual(['{}      ', {}])
  })

  it.each([
    [{ __metadata__: zeros([1]) }, {}, 'writeSafetensors: tensors must not be named __metadata__'],
    [{ x: [1] }, {}, 'writeSafetensors: x must be a tensor, got an array of 1'],
    [{}, { metadata: { step: 3 } }, 'writeSafetensors: metadata must hold strings, got number at step'],
  ])('refuses wrong arguments', async (tensors, options, message) => {
    await expect(writeSafetensors(tensors as never, options as never)).rejects.toEqual(
      new SurprisalError('argument', message),
    )
  })
})
