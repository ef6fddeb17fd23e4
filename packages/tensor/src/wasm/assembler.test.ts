import { expect, test } from 'vitest'
import { SurprisalError } from '../error.ts'
import { Assembler } from './assembler.ts'

const instantiate = (assembler: Assembler, imports: WebAssembly.Imports = {}) =>
  new WebAssembly.Instance(new WebAssembly.Module(assembler.finish()), imports).exports

test('an empty module is its magic number and version', () => {
  const bytes = new Assembler().finish()
  expect([...bytes]).toEqual([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00])
  expect(WebAssembly.validate(bytes)).toBe(true)
})

test('the smallest function has the bytes of the specification', () => {
  const assembler = new Assembler()
  assembler.function('one', [], ['i32'], code => code.i32(1))
  expect([...assembler.finish()].slice(8)).toEqual([
    ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7f],
    ...[0x03, 0x02, 0x01, 0x00],
    ...[0x07, 0x07, 0x01, 0x03, 0x6f, 0x6e, 0x65, 0x00, 0x00],
    ...[0x0a, 0x06, 0x01, 0x04, 0x00, 0x41, 0x01, 0x0b],
  ])
})

test('functions call imports and one another by index', () => {
  const seen: number[] = []
  const assembler = new Assembler()
  const log = assembler.importFunction('host', 'log', ['i32'])
  const scale = assembler.importFunction('host', 'scale', ['i32'], ['i32'])
  const double = assembler.function(null, ['i32'], ['i32'], code => code.get(0).get(0).op('i32.add'))
  assembler.function('run', ['i32'], ['i32'], code => {
    code.get(0).call(double).tee(0).call(log).get(0).call(scale)
  })
  expect([log, scale, double]).toEqual([0, 1, 2])
  const host = { log: (x: number) => seen.push(x), scale: (x: number) => 10 * x }
  const exports = instantiate(assembler, { host })
  expect(Object.keys(exports)).toEqual(['run'])
  expect((exports.run as (x: number) => number)(4)).toBe(80)
  expect(seen).toEqual([8])
})

test('equal signatures share a type', () => {
  const assembler = new Assembler()
  for (const name of ['a', 'b', 'c']) assembler.function(name, ['f32', 'v128'], ['i64'], code => code.i64(0))
  assembler.function('d', [], [], () => {})
  const bytes = assembler.finish()
  const [typeSection, typeCount] = [bytes[8], bytes[10]]
  expect([typeSection, typeCount]).toEqual([1, 2])
  expect(WebAssembly.validate(bytes)).toBe(true)
})

test('sizes above 127 take several bytes', () => {
  const assembler = new Assembler()
  const name = 'long'.repeat(50)
  assembler.function(name, [], ['i32'], code => {
    code.i32(0)
    for (let i = 0; i < 5000; i++) code.i32(1).op('i32.add')
  })
  expect((instantiate(assembler)[name] as () => number)()).toBe(5000)
})

test('an imported memory may be shared', () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true })
  const assembler = new Assembler()
  assembler.importMemory('host', 'memory', { initial: 1, maximum: 2, shared: true })
  assembler.function('store', ['i32', 'i32'], [], code => code.get(0).get(1).memory('i32.store'))
  ;(instantiate(assembler, { host: { memory } }).store as (at: number, value: number) => void)(8, 77)
  expect(new Int32Array(memory.buffer)[2]).toBe(77)
})

test('an import after a function would shift its index', () => {
  const assembler = new Assembler()
  assembler.function('f', [], [], () => {})
  const late = () => assembler.importFunction('host', 'log', [])
  expect(late).toThrow(SurprisalError)
  expect(late).toThrow('importFunction: imports must come before functions, got log')
})
