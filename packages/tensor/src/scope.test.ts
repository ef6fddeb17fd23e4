import { describe, expect, it } from 'vitest'
import { gradients, memory, ones, Parameter, SurprisalError, scope, type Tensor, tensor, zeros } from './index.ts'

const gone = (x: Tensor): boolean => {
  try {
    x.dataSync()
    return false
  } catch (error) {
    return error instanceof SurprisalError && error.code === 'disposed'
  }
}

describe('scope', () => {
  it('frees what is made inside and keeps what is returned', async () => {
    let inner: Tensor | undefined
    const result = scope(() => {
      inner = tensor([1, 2])
      return inner.mul(3)
    })
    expect(gone(inner as Tensor)).toBe(true)
    expect(Array.from(await result.data())).toEqual([3, 6])
  })

  it('gives the bytes back at once', () => {
    const before = memory().live
    scope(() => {
      ones([1000]).dataSync()
    })
    expect(memory().live).toBe(before)
  })

  it('keeps tensors in lists, records and circles', () => {
    const circle: Record<string, unknown> = {}
    const { list, record } = scope(() => {
      circle.self = circle
      circle.tensor = tensor([3])
      const bare = Object.assign(Object.create(null), { deep: tensor([2]) })
      return { list: [tensor([1]), [bare]], record: { circle, nothing: null, text: 'x' } }
    })
    const [first, [{ deep }]] = list as [Tensor, [{ deep: Tensor }]]
    expect([first, deep, record.circle.tensor as Tensor].map(gone)).toEqual([false, false, false])
  })

  it('leaves alone what was made outside', () => {
    const outside = tensor([1])
    scope(() => outside.add(1))
    expect(gone(outside)).toBe(false)
  })

  it('frees when the function throws, and passes the error on', () => {
    let inner: Tensor | undefined
    const error = new Error('stop')
    expect(() =>
      scope(() => {
        inner = tensor([1])
        throw error
      }),
    ).toThrow(error)
    expect(gone(inner as Tensor)).toBe(true)
    const after = tensor([1])
    expect(gone(after)).toBe(false)
  })

  it('nests: what an inner scope returns belongs to the outer one', () => {
    let kept: Tensor | undefined
    let freed: Tensor | undefined
    scope(() => {
      kept = scope(() => {
        freed = tensor([1])
        return tensor([2])
      })
      expect([gone(kept), gone(freed as Tensor)]).toEqual([false, true])
    })
    expect(gone(kept as Tensor)).toBe(true)
  })

  it('spans an async function', async () => {
    const made: Tensor[] = []
    const result = await scope(async () => {
      made.push(tensor([1]))
      await Promise.resolve()
      made.push(tensor([2]))
      expect(made.map(gone)).toEqual([false, false])
      return { sum: made[0].add(made[1]) }
    })
    expect(made.map(gone)).toEqual([true, true])
    expect(result.sum.itemSync()).toBe(3)
  })

  it('frees when a promise is rejected', async () => {
    let inner: Tensor | undefined
    const run = scope(async () => {
      inner = tensor([1])
      await Promise.resolve()
      throw new Error('later')
    })
    await expect(run).rejects.toThrow('later')
    expect(gone(inner as Tensor)).toBe(true)
  })

  it('does not free the values of parameters', async () => {
    const outside = new Parameter(zeros([2]))
    const made = scope(() => {
      outside.assign(outside.value.add(1))
      return { module: new Map([['cell', new Parameter(ones([1]).mul(5))]]) }
    })
    expect(Array.from(await outside.value.data())).toEqual([1, 1])
    expect(made.module.get('cell')?.value.itemSync()).toBe(5)
  })
})

describe('dispose', () => {
  it('makes every later use throw with the op that made the tensor', () => {
    const x = ones([2, 2]).matmul(ones([2, 3]))
    x.dispose()
    expect(() => x.add(1)).toThrow(
      new SurprisalError('disposed', 'add: tensor used after dispose (created by matmul [2, 3])'),
    )
    expect(() => x.dataSync()).toThrow('data: tensor used after dispose (created by matmul [2, 3])')
  })

  it('is idempotent and gives bytes back once', () => {
    const before = memory().live
    const x = ones([100])
    x.dataSync()
    x.dispose()
    x.dispose()
    expect(memory().live).toBe(before)
  })

  it('leaves graphs built before intact', async () => {
    const x = tensor([1, 2])
    const y = x.mul(2)
    x.dispose()
    expect(Array.from(await y.data())).toEqual([2, 4])
  })

  it('runs at the end of a using block', () => {
    let outer: Tensor
    {
      using inner = tensor([1])
      outer = inner
      expect(gone(outer)).toBe(false)
    }
    expect(gone(outer)).toBe(true)
  })

  it('is not held up by gradients that were taken', () => {
    const x = ones([100])
    const y = x.mul(2)
    y.dataSync()
    const gradient = gradients(y.square().sum(), [x])[0]
    const live = memory().live
    y.dispose()
    expect(memory().live).toBe(live - 400)
    expect(gradient.dataSync()[7]).toBe(8)
  })
})
