import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unsigned, wasmModule } from './wasm-bytes.ts'

describe('unsigned', () => {
  it.each([
    [0, [0]],
    [127, [127]],
    [128, [128, 1]],
    [624_485, [0xe5, 0x8e, 0x26]],
  ])('writes %d', (value, bytes) => {
    expect(unsigned(value)).toEqual(bytes)
  })

  it('can be read back', () => {
    fc.assert(
      fc.property(fc.nat(), value => {
        const bytes = unsigned(value)
        expect(bytes.reduce((sum, byte, i) => sum + (byte & 127) * 2 ** (7 * i), 0)).toBe(value)
        expect(bytes.slice(0, -1).every(byte => byte > 127)).toBe(true)
      }),
    )
  })
})

describe('wasmModule', () => {
  it('makes a function that runs', () => {
    const bytes = wasmModule({ parameters: [127, 127], results: [127], vectors: 0, code: [32, 0, 32, 1, 106] })
    const { run } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports
    expect((run as (a: number, b: number) => number)(2, 40)).toBe(42)
  })

  it('adds vector locals and a memory', () => {
    // A vector local starts at 0: its lane is stored at address 0 and the memory's size is given back.
    const code = [65, 0, 32, 0, 253, 11, 4, 0, 63, 0]
    const bytes = wasmModule({ parameters: [], results: [127], vectors: 1, code, pages: 3 })
    const { run } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports
    expect((run as () => number)()).toBe(3)
  })
})
