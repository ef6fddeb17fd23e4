import { expect, it } from 'vitest'
import { Binder } from './binder.ts'

it('numbers bindings in the order in which they are made, the parameters behind them', () => {
  const binder = new Binder()
  expect(binder.read(4, 'x')).toBe('x')
  expect(binder.write(2, 'out', 'vec4<u32>')).toBe('out')
  expect(binder.kinds).toEqual(['read', 'read_write', 'uniform'])
  expect(binder.storage).toEqual([
    { kind: 'buffer', buffer: 4, clear: false },
    { kind: 'buffer', buffer: 2, clear: false },
  ])
  expect(binder.declarations.split('\n')).toEqual([
    '@group(0) @binding(0) var<storage, read> x: array<u32>;',
    '@group(0) @binding(1) var<storage, read_write> out: array<vec4<u32>>;',
  ])
})

it('shares words of packed elements only', () => {
  const binder = new Binder()
  binder.writeShared(0, 'halves', 'float16')
  binder.writeShared(1, 'floats', 'float32')
  expect(binder.storage.map(binding => binding.kind === 'buffer' && binding.clear)).toEqual([true, false])
  expect(binder.declarations).toContain('halves: array<atomic<u32>>')
  expect(binder.declarations).toContain('floats: array<u32>')
})

it('binds the status buffer', () => {
  const binder = new Binder()
  binder.status()
  expect(binder.storage).toEqual([{ kind: 'status' }])
  expect(binder.kinds).toEqual(['read_write', 'uniform'])
  expect(binder.declarations).toContain('status: array<atomic<u32>>')
})

it('says where a buffer is', () => {
  const binder = new Binder()
  binder.read(3, 'index')
  expect(binder.place(3)).toEqual({ name: 'index', base: 0 })
})

it('goes on behind bindings that were made before', () => {
  const first = new Binder()
  first.read(0, 'x')
  first.write(1, 'y')
  const second = new Binder(first)
  second.read(2, 'z')
  expect(second.kinds).toEqual(['read', 'read_write', 'read', 'uniform'])
  expect(second.storage.length).toBe(3)
  expect(second.declarations).toContain('@binding(2) var<storage, read> z')
  expect(first.storage.length).toBe(2)
})
