import { afterEach, describe, expect, it } from 'vitest'
import { currentExecutor } from './executor.ts'
import { SurprisalError, setExecutor, tensor } from './index.ts'
import { registerReference } from './reference.ts'

registerReference()
afterEach(() => setExecutor('wasm'))

describe('setExecutor', () => {
  it('starts with wasm and switches by name', async () => {
    expect(currentExecutor().name).toBe('wasm')
    setExecutor('reference')
    expect(currentExecutor().name).toBe('reference')
    expect(
      await tensor([[1, 2]])
        .matmul(tensor([[3], [4]]))
        .item(),
    ).toBe(11)
  })

  it('refuses an unknown name', () => {
    expect(() => setExecutor('gpu')).toThrow(
      new SurprisalError('argument', 'setExecutor: name must be one of wasm, reference, got gpu'),
    )
  })

  it('both give the same product', async () => {
    const a = tensor(
      Float32Array.from({ length: 35 }, (_, i) => Math.sin(i)),
      { shape: [5, 7] },
    )
    const b = tensor(
      Float32Array.from({ length: 42 }, (_, i) => Math.cos(i)),
      { shape: [7, 6] },
    )
    const fast = await a.matmul(b).data()
    setExecutor('reference')
    const exact = await a.matmul(b).data()
    fast.forEach((x, i) => {
      expect(x).toBeCloseTo(exact[i], 5)
    })
  })
})
