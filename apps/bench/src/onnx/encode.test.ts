import { describe, expect, it } from 'vitest'
import { encodeOnnx } from './encode.ts'

const text = (value: string) => [...new TextEncoder().encode(value)]
const field = (number: number, ...bytes: number[]) => [number * 8 + 2, bytes.length, ...bytes]
const value = (name: string, element: number, ...sizes: number[]) => [
  ...field(1, ...text(name)),
  ...field(2, ...field(1, 8, element, ...field(2, ...sizes.flatMap(size => field(1, 8, size))))),
]
const operators = field(8, ...field(1), 16, 17)

describe('encodeOnnx', () => {
  it('writes version, graph and operator set', () => {
    const graph = { nodes: [{ op: 'Tanh', inputs: ['x'], output: 'y' }], outputs: { y: [2, 3] } }
    const node = [...field(1, ...text('x')), ...field(2, ...text('y')), ...field(4, ...text('Tanh'))]
    const body = [
      ...field(1, ...node),
      ...field(2, ...text('bench')),
      ...field(11, ...value('x', 6, 2, 3)),
      ...field(12, ...value('y', 1, 2, 3)),
    ]
    const bytes = encodeOnnx(graph, { x: { shape: [2, 3], dtype: 'int32' } })
    expect([...bytes]).toEqual([8, 8, ...field(7, ...body), ...operators])
  })

  it('tells floats, whole numbers and lists apart', () => {
    const attributes = { alpha: 0.5, axis: -1n, pads: [1, 2] }
    const graph = { nodes: [{ op: 'Op', inputs: [], output: 'y', attributes }], outputs: {} }
    const node = [
      ...field(2, ...text('y')),
      ...field(4, ...text('Op')),
      ...field(5, ...field(1, ...text('alpha')), 21, 0, 0, 0, 63, 160, 1, 1),
      ...field(5, ...field(1, ...text('axis')), 24, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 160, 1, 2),
      ...field(5, ...field(1, ...text('pads')), 64, 1, 64, 2, 160, 1, 7),
    ]
    const bytes = encodeOnnx(graph, {})
    const body = [...field(1, ...node), ...field(2, ...text('bench'))]
    expect([...bytes]).toEqual([8, 8, ...field(7, ...body), ...operators])
  })

  it('writes constants as lists of 64-bit integers', () => {
    const bytes = encodeOnnx({ nodes: [], outputs: {}, constants: { axes: [0, 1] } }, {})
    const constant = [8, 2, 16, 7, 56, 0, 56, 1, ...field(8, ...text('axes'))]
    const body = [...field(2, ...text('bench')), ...field(5, ...constant)]
    expect([...bytes]).toEqual([8, 8, ...field(7, ...body), ...operators])
  })

  it('writes sizes above 127 in several bytes', () => {
    const bytes = encodeOnnx({ nodes: [], outputs: { y: [300] } }, {})
    expect([...bytes].join()).toContain([8, 172, 2].join())
  })
})
