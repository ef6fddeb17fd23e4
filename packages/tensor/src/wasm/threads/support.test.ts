import { afterEach, describe, expect, it, vi } from 'vitest'
import { defaultThreads, threadsAvailable } from './support.ts'

afterEach(() => vi.unstubAllGlobals())

describe('threadsAvailable', () => {
  it('is true in Node', () => {
    expect(threadsAvailable()).toBe(true)
  })

  it('is false without shared memory', () => {
    vi.stubGlobal('SharedArrayBuffer', undefined)
    expect(threadsAvailable()).toBe(false)
  })

  it('is false where WebAssembly has no shared memory', () => {
    const Memory = class {
      constructor() {
        throw new TypeError('shared is not supported')
      }
    }
    vi.stubGlobal('WebAssembly', { Memory })
    expect(threadsAvailable()).toBe(false)
    vi.stubGlobal('WebAssembly', { Memory: class {} })
    expect(threadsAvailable()).toBe(false)
  })

  it('is true in a page only where it is isolated and has workers', () => {
    vi.stubGlobal('process', undefined)
    expect(threadsAvailable()).toBe(false)
    vi.stubGlobal('Worker', class {})
    expect(threadsAvailable()).toBe(false)
    vi.stubGlobal('crossOriginIsolated', false)
    expect(threadsAvailable()).toBe(false)
    vi.stubGlobal('crossOriginIsolated', true)
    expect(threadsAvailable()).toBe(true)
  })
})

describe('defaultThreads', () => {
  it.each([
    [1, 1],
    [2, 2],
    [64, 4],
  ])('on %d cores is %d', (cores, threads) => {
    vi.stubGlobal('navigator', { hardwareConcurrency: cores })
    expect(defaultThreads()).toBe(threads)
  })

  it('asks Node where there is no navigator, and else takes one', () => {
    vi.stubGlobal('navigator', undefined)
    vi.stubGlobal('process', { getBuiltinModule: () => ({ availableParallelism: () => 3 }) })
    expect(defaultThreads()).toBe(3)
    vi.stubGlobal('process', undefined)
    expect(defaultThreads()).toBe(1)
  })
})
