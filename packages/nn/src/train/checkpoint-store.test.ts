import { describe, expect, it } from 'vitest'
import { memoryCheckpoints } from './checkpoint-store.ts'

describe('memoryCheckpoints', () => {
  it('keeps copies under names', async () => {
    const store = memoryCheckpoints()
    const bytes = Uint8Array.of(1, 2)
    await store.write('a', bytes)
    await store.write('b', Uint8Array.of(3))
    bytes[0] = 9
    expect([...(await store.read('a'))]).toEqual([1, 2])
    ;(await store.read('a'))[1] = 9
    expect([...(await store.read('a'))]).toEqual([1, 2])
    expect([...(await store.list())].sort()).toEqual(['a', 'b'])
    await store.remove('a')
    expect(await store.list()).toEqual(['b'])
  })

  it('has no checkpoint under another name', async () => {
    await expect(memoryCheckpoints().read('a')).rejects.toThrow(
      'memoryCheckpoints: name must be of a checkpoint, got a',
    )
  })
})
