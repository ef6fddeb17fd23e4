import { type DType, dtypes, type HostArray, hostArray, roundToHalf } from '@surprisal/tensor/backend'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packElements, unpackElements } from './elements-of-host.ts'

const bytesOf = (view: ArrayBufferView): ArrayBuffer =>
  view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) as ArrayBuffer
const there = (dtype: DType, data: HostArray): HostArray =>
  unpackElements(dtype, bytesOf(packElements(dtype, data)), data.length)

describe('elements on their way to the device', () => {
  it.each(dtypes)('come back: %s', dtype => {
    const data = hostArray(dtype, 5)
    data.set([0, 1, 1, 0, 1])
    expect(there(dtype, data)).toEqual(data)
  })

  it('have two bytes for a half', () => {
    const halves = Float32Array.of(
      0,
      -0,
      1,
      -2,
      65504,
      2 ** -14,
      2 ** -24,
      -(2 ** -20),
      Number.POSITIVE_INFINITY,
      Number.NaN,
    )
    expect([...(packElements('float16', halves) as Uint16Array)]).toEqual([
      0, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x400, 1, 0x8010, 0x7c00, 0x7e00,
    ])
    expect(there('float16', halves)).toEqual(halves)
  })

  it('are every half', () => {
    fc.assert(
      fc.property(fc.float({ min: -65504, max: 65504, noNaN: true }), x => {
        const half = Float32Array.of(roundToHalf(x))
        expect(there('float16', half)).toEqual(half)
      }),
    )
  })
})
