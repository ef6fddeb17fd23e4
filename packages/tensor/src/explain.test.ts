import { describe, expect, it } from 'vitest'
import { explain } from './explain.ts'
import { memory, normal, ones, randomKey, realize, SurprisalError, type Tensor } from './index.ts'
import { withMemoryLimit } from './memory-limit.ts'
import { profile } from './profile.ts'
import { nextTurn } from './turn.ts'

describe('explain', () => {
  it('counts bytes of each kernel and of what lies between them', () => {
    const [x, w] = [normal(randomKey(1), [16, 8]), normal(randomKey(2), [8, 4])]
    x.dataSync()
    w.dataSync()
    const { groups, temporaryBytes } = explain(x.matmul(w).relu().sum())
    expect(groups.map(({ kind, shape, bytesRead, bytesWritten }) => [kind, shape, bytesRead, bytesWritten])).toEqual([
      ['contract', [1, 16, 4], 640, 256],
      ['rows', [16, 4], 256, 4],
    ])
    expect(temporaryBytes).toBeGreaterThanOrEqual(256)
  })

  it('names functions, and says why a value is in memory', () => {
    const x = ones([8, 300])
    x.dataSync()
    const text = (y: Tensor) => explain(y).toString()
    expect(text(x.cumsum({ dim: 1 }))).toContain('scan sum [8, 300]')
    expect(text(x.exp().cumsum({ dim: 1 }))).toContain('exp: read by scan, which does not fuse')
    expect(text(x.exp().matmul(x.transpose(0, 1)).relu())).toContain('exp: read by contract, which does not fuse')
    expect(text(x.sum({ dim: 1 }).cumsum({ dim: 0 }).exp())).toContain('read by scan')
    expect(text(x.exp().sum({ dim: 0 }).sum())).toContain('sum: read by a kernel over another space')
  })

  it('computes nothing', () => {
    const x = ones([4]).exp()
    const before = memory().live
    explain(x)
    expect(memory().live).toBe(before)
    expect(explain(x).groups).toHaveLength(1)
  })

  it('refuses what is no tensor', () => {
    expect(() => explain(3 as never)).toThrow(
      new SurprisalError('argument', 'explain: tensor 0 must be a tensor, got number 3'),
    )
  })
})

describe('profile', () => {
  it('gives the result and a row for each kind of kernel', async () => {
    const x = normal(randomKey(1), [64, 64])
    await realize(x)
    const { value, rows } = await profile(async () => {
      for (let i = 0; i < 3; i++) await x.matmul(x).data()
      return x.softmax().sum().item()
    })
    expect(value).toBeCloseTo(64, 3)
    const product = rows.find(row => row.kernel === 'contract [1, 64, 64]')
    expect(product?.calls).toBe(3)
    expect(product?.milliseconds).toBeGreaterThan(0)
    expect(rows.map(row => row.milliseconds)).toEqual(
      rows.map(row => row.milliseconds).sort((a, b) => Number(b) - Number(a)),
    )
  })

  it('stops measuring when the function fails', async () => {
    await expect(profile(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect((await profile(() => 1)).rows).toEqual([])
  })
})

describe('withMemoryLimit', () => {
  const needs = () => ones([1 << 20]).mul(3)

  it('refuses a plan that does not fit and names its largest value', () => {
    const { live } = memory()
    expect(() => withMemoryLimit(live + 1000, () => needs().dataSync())).toThrow(
      /^data: plan needs [\d.]+ MiB, limit is [\d.]+ MiB \(largest: mul \[1048576\] 4 MiB\)$/,
    )
    expect(needs().dataSync()[0]).toBe(3)
  })

  it('holds until a promise settles', async () => {
    const read = withMemoryLimit(1000, async () => {
      await nextTurn()
      return needs().data()
    })
    await expect(read).rejects.toThrow('plan needs')
    expect((await needs().data())[5]).toBe(3)
  })

  it('gives the result of the function, and its error', () => {
    expect(withMemoryLimit(2 ** 31, () => 7)).toBe(7)
    expect(() =>
      withMemoryLimit(2 ** 31, () => {
        throw new RangeError('own')
      }),
    ).toThrow('own')
    expect(() => withMemoryLimit(0, () => 1)).toThrow(
      new SurprisalError('argument', 'withMemoryLimit: bytes must be a positive number, got number 0'),
    )
  })
})

describe('nextTurn', () => {
  it('lets what has been scheduled run first', async () => {
    const order: string[] = []
    setTimeout(() => order.push('timer'), 0)
    for (let i = 0; i < 1e5 && order.length === 0; i++) await nextTurn()
    expect(order).toEqual(['timer'])
  })
})
