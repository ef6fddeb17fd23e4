import { tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { openShardedSafetensors } from './sharded.ts'
import { writeSafetensors } from './write-safetensors.ts'

const indexOf = (map: unknown): string => JSON.stringify({ metadata: { total_size: 24 }, weight_map: map })
const map = { a: 'model-1.safetensors', b: 'model-2.safetensors', c: 'model-1.safetensors' }

async function shards(): Promise<{ open: (file: string) => Blob; asked: string[] }> {
  const files: Record<string, Uint8Array> = {
    'model-1.safetensors': await writeSafetensors({ a: tensor([1, 2]), c: tensor([3]) }),
    'model-2.safetensors': await writeSafetensors({ b: tensor([[4]]) }),
  }
  const asked: string[] = []
  const open = (file: string): Blob => {
    asked.push(file)
    return new Blob([files[file] as Uint8Array<ArrayBuffer>])
  }
  return { open, asked }
}

describe('openShardedSafetensors', () => {
  it('reads one tensor from its file, and each header once', async () => {
    const { open, asked } = await shards()
    const model = openShardedSafetensors(indexOf(map), open)
    expect(model.names).toEqual(['a', 'b', 'c'])
    expect(model.files).toEqual(['model-1.safetensors', 'model-2.safetensors'])
    expect(asked).toEqual([])
    expect(Array.from((await model.read('c')).dataSync())).toEqual([3])
    expect(Array.from((await model.read('a')).dataSync())).toEqual([1, 2])
    expect(asked).toEqual(['model-1.safetensors'])
  })

  it('reads everything', async () => {
    const { open, asked } = await shards()
    const tensors = await openShardedSafetensors(indexOf(map), open).readAll()
    expect(Object.keys(tensors).sort()).toEqual(['a', 'b', 'c'])
    expect(tensors.b.shape).toEqual([1, 1])
    expect(asked).toHaveLength(2)
  })

  it('tries a file again that could not be opened', async () => {
    const { open } = await shards()
    let tries = 0
    const model = openShardedSafetensors(indexOf(map), file => {
      if (tries++ === 0) return Promise.reject(new Error('offline'))
      return open(file)
    })
    await expect(model.read('a')).rejects.toThrow('offline')
    expect((await model.read('a')).shape).toEqual([2])
  })

  it('refuses names that index or file do not have', async () => {
    const { open } = await shards()
    const model = openShardedSafetensors(indexOf({ ...map, d: 'model-2.safetensors' }), open)
    await expect(model.read('e')).rejects.toThrow('openShardedSafetensors: index must list e, got 4 other tensors')
    await expect(model.readAll()).rejects.toThrow(
      'openShardedSafetensors: model-2.safetensors must hold d as the index says',
    )
  })

  it.each([
    ['{', 'openShardedSafetensors: index must be JSON, '],
    ['null', 'openShardedSafetensors: index must have a weight_map, got undefined'],
    [indexOf(3), 'index must have a weight_map, got number 3'],
    [indexOf({ a: 1 }), 'file of a must be a name, got number 1'],
    [indexOf({ a: '../secret' }), 'file of a must be in the folder of the index, got ../secret'],
    [indexOf({ a: '..' }), 'file of a must be in the folder of the index, got ..'],
  ])('refuses the index %s', (index, message) => {
    expect(() => openShardedSafetensors(index, () => new Blob())).toThrow(message)
  })
})
