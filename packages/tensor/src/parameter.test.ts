import { describe, expect, it } from 'vitest'
import { settleMemory } from './__fixtures__/memory.ts'
import { elementsOf, type Storage } from './graph/storage.ts'
import {
  gradients,
  memory,
  mul,
  ones,
  Parameter,
  realize,
  SurprisalError,
  stopGradient,
  type Tensor,
  tensor,
  zeros,
} from './index.ts'
import { cellValue } from './parameter.ts'
import { nodeOf } from './tensor.ts'

const inputs = tensor([
  [1, 2],
  [3, -1],
  [0.5, 0.25],
])
const targets = tensor([[1], [2], [0]])
const lossOf = (weight: Parameter): Tensor => inputs.matmul(weight).sub(targets).square().mean()

/** Gradient descent on the same loss in plain numbers. */
function expected(steps: number): { losses: number[]; weight: number[] } {
  const [x, y] = [Array.from(inputs.dataSync()), Array.from(targets.dataSync())]
  const w = [0.5, -0.5]
  const losses = Array.from({ length: steps }, () => {
    const errors = y.map((target, i) => x[2 * i] * w[0] + x[2 * i + 1] * w[1] - target)
    for (const d of [0, 1]) w[d] -= 0.1 * errors.reduce((sum, error, i) => sum + (2 / 3) * error * x[2 * i + d], 0)
    return errors.reduce((sum, error) => sum + error ** 2 / 3, 0)
  })
  return { losses, weight: w }
}

const start = () => new Parameter(tensor([[0.5], [-0.5]]))

describe('Parameter', () => {
  it('holds its value, shape, dtype, name and whether it is trained', () => {
    const cell = new Parameter(zeros([2, 3]), { name: 'weight' })
    expect([cell.shape, cell.dtype, cell.name, cell.requiresGrad]).toEqual([[2, 3], 'float32', 'weight', true])
    expect(new Parameter(zeros([1]), { requiresGrad: false }).requiresGrad).toBe(false)
  })

  it('is taken by ops like a tensor and has a gradient', async () => {
    const cell = new Parameter(tensor([3, 4]))
    const loss = inputs.mul(cell).sum()
    expect(await loss.item()).toBe(3 * 4.5 + 4 * 1.25)
    expect(Array.from(await gradients(loss, [cell])[0].data())).toEqual([4.5, 1.25])
  })

  it('assigns for graphs built afterwards only', async () => {
    const cell = new Parameter(tensor([1, 2]))
    const before = cell.value.mul(10)
    cell.value = tensor([5, 6])
    expect(Array.from(await before.data())).toEqual([10, 20])
    expect(Array.from(await cell.value.data())).toEqual([5, 6])
    cell.assign(new Parameter(tensor([7, 8])))
    expect(Array.from(await cell.value.data())).toEqual([7, 8])
  })

  it('keeps a version that was handed out', async () => {
    const cell = new Parameter(tensor([1]))
    const snapshots: Tensor[] = []
    for (let i = 0; i < 4; i++) {
      snapshots.push(cell.value)
      cell.assign(cell.value.add(1))
    }
    expect(snapshots.map(snapshot => snapshot.itemSync())).toEqual([1, 2, 3, 4])
  })

  it('lets no gradient pass through an assignment', () => {
    const x = tensor([2])
    const cell = new Parameter(x.square())
    expect(gradients(cell.value.sum(), [x], { allowUnused: true })).toEqual([null])
    cell.assign(x.mul(3))
    expect(gradients(cell.value.sum(), [x], { allowUnused: true })).toEqual([null])
  })

  it('is another param than the tensor it was made of, and than a cell beside it', async () => {
    const x = tensor([1, 2])
    const [a, b] = [new Parameter(x), new Parameter(x)]
    const copy = new Parameter(tensor([0, 0]))
    copy.assign(a)
    const loss = mul(a, mul(b, 3)).add(mul(copy, 5)).add(x.mul(7)).sum()
    const grads = gradients(loss, [a, b, copy, x])
    expect(grads.map(grad => Array.from(grad.dataSync()))).toEqual([
      [3, 6],
      [3, 6],
      [5, 5],
      [7, 7],
    ])
  })

  it('shares its first memory, which is given back by the last', async () => {
    const x = ones([100]).mul(2)
    await realize(x)
    const y = stopGradient(x)
    await realize(y)
    const before = memory().live
    const cell = new Parameter(y)
    await realize(cell)
    expect(memory().live).toBe(before)
    y.dispose()
    expect(memory().live).toBe(before)
    const snapshot = cell.value
    cell.assign(zeros([100]))
    snapshot.dispose()
    expect(memory().live).toBe(before - 400)
  })

  it('does not die with the tensor it was made of', async () => {
    const x = tensor([1, 2])
    const cell = new Parameter(x)
    x.dispose()
    expect(Array.from(await cell.value.data())).toEqual([1, 2])
  })

  it.each([
    ['shape', zeros([3]), 'assign: value must have shape [2], got [3]'],
    ['dtype', zeros([2], { dtype: 'int32' }), 'assign: value must be float32, got int32'],
    ['argument', [1, 2] as never, 'assign: value must be a tensor, got 1,2'],
  ] as const)('refuses another %s', (code, value, message) => {
    const cell = new Parameter(zeros([2]))
    expect(() => cell.assign(value)).toThrow(new SurprisalError(code, message))
  })

  it('refuses a value that is no tensor or gone', () => {
    expect(() => new Parameter(3 as never)).toThrow(
      new SurprisalError('argument', 'Parameter: value must be a tensor, got 3'),
    )
    const gone = ones([2])
    gone.dispose()
    expect(() => new Parameter(gone)).toThrow('Parameter: tensor used after dispose (created by ones [2])')
  })
})

describe('a training loop over parameters', () => {
  it('follows the numbers of a plain loop', async () => {
    const weight = start()
    const { losses, weight: end } = expected(30)
    for (const wanted of losses) {
      const loss = lossOf(weight)
      weight.assign(weight.value.sub(gradients(loss, [weight])[0].mul(0.1)))
      expect(await loss.item()).toBeCloseTo(wanted, 4)
    }
    const got = await weight.value.data()
    end.forEach((value, d) => {
      expect(got[d]).toBeCloseTo(value, 4)
    })
  })

  it('advances by one step at a time when only the loss is read', async () => {
    const weight = start()
    const pending: boolean[] = []
    for (let step = 0; step < 5; step++) {
      const used = weight.value
      const loss = lossOf(weight)
      weight.assign(weight.value.sub(gradients(loss, [weight])[0].mul(0.1)))
      await loss.item()
      const before = memory().live
      used.dataSync()
      pending.push(memory().live > before)
    }
    expect(pending).toEqual([false, false, false, false, false])
  })

  it('computes state that is assigned from what a parameter needs together with it', async () => {
    const [weight, velocity] = [start(), new Parameter(zeros([2, 1]))]
    for (let step = 0; step < 3; step++) {
      const loss = lossOf(weight)
      const next = velocity.value.mul(0.9).add(gradients(loss, [weight])[0])
      velocity.assign(next)
      weight.assign(weight.value.sub(next.mul(0.1)))
      await loss.item()
    }
    await lossOf(weight).item()
    const before = memory().live
    velocity.value.dataSync()
    expect(memory().live).toBe(before)
  })

  it.each([
    ['reading the loss', async (loss: Tensor) => void (await loss.item())],
    ['realizing loss and parameter', (loss: Tensor, weight: Parameter) => realize(loss, weight)],
  ])('runs in constant memory by %s', async (_, read) => {
    const weight = new Parameter(zeros([200, 1]))
    const data = ones([50, 200])
    const step = async () => {
      const loss = data.matmul(weight).sub(1).square().mean()
      weight.assign(weight.value.sub(gradients(loss, [weight])[0].mul(1e-3)))
      await read(loss, weight)
    }
    for (let i = 0; i < 20; i++) await step()
    const warm = await settleMemory()
    for (let i = 0; i < 200; i++) await step()
    expect(await settleMemory()).toBeLessThanOrEqual(warm + 8 * 800)
  })

  it('is the same bit for bit whether read at each step or at the end', async () => {
    const run = async (everyStep: boolean): Promise<number[]> => {
      const weight = start()
      for (let i = 0; i < 12; i++) {
        weight.assign(weight.value.sub(gradients(lossOf(weight), [weight])[0].mul(0.1)))
        if (everyStep) await realize(weight)
      }
      return Array.from(await weight.value.data())
    }
    expect(await run(true)).toEqual(await run(false))
  })
})

describe('disposing of a value that was handed out', () => {
  it('takes nothing from the cell', async () => {
    const cell = new Parameter(tensor([1, 2]))
    expect(cell.value).toBe(cell.value)
    cell.value.dispose()
    expect(Array.from(await cell.value.data())).toEqual([1, 2])
  })

  it('gives its bytes back once the cell holds another', async () => {
    const cell = new Parameter(ones([100]).mul(2))
    const snapshot = cell.value
    await realize(snapshot)
    const before = memory().live
    cell.assign(zeros([100]))
    snapshot.dispose()
    expect(memory().live).toBe(before - 400)
  })
})

describe('recycling', () => {
  const step = (cell: Parameter): void => cell.assign(mul(cell, 2))

  it('runs in two buffers and keeps the numbers right', async () => {
    const cell = new Parameter(tensor([1, 2, 3]))
    const buffers = new Set<unknown>()
    for (let i = 0; i < 6; i++) {
      step(cell)
      await realize(cell)
      buffers.add(elementsOf(nodeOf(cellValue(cell), 'test').storage as Storage).byteOffset)
    }
    expect(Array.from(await cell.value.data())).toEqual([64, 128, 192])
    expect(buffers.size).toBeLessThanOrEqual(3)
  })

  it('never takes a version that was handed out', async () => {
    const cell = new Parameter(tensor([1]))
    step(cell)
    const snapshot = cell.value
    for (let i = 0; i < 4; i++) {
      step(cell)
      await realize(cell)
    }
    expect(await snapshot.item()).toBe(2)
    expect(await cell.value.item()).toBe(32)
  })

  it('keeps a version for graphs until the next one has been computed and replaced', async () => {
    const cell = new Parameter(tensor([1]))
    step(cell)
    const early = mul(cell, 10)
    step(cell)
    await realize(cell)
    expect(await early.item()).toBe(20)
    const late = mul(cell, 10)
    for (let i = 0; i < 2; i++) {
      step(cell)
      await realize(cell)
    }
    expect(() => late.itemSync()).toThrow(
      new SurprisalError(
        'disposed',
        'item: needs a parameter value replaced two assignments ago (ask for results in one realize)',
      ),
    )
  })

  it('survives an assignment that was refused', async () => {
    const cell = new Parameter(tensor([1]))
    for (let i = 0; i < 2; i++) step(cell)
    await realize(cell)
    const gone = ones([1])
    gone.dispose()
    expect(() => cell.assign(gone)).toThrow('assign: tensor used after dispose (created by ones [1])')
    step(cell)
    expect(await cell.value.item()).toBe(8)
  })

  it('never takes the value of another cell', async () => {
    const source = new Parameter(tensor([1]))
    step(source)
    await realize(source)
    const cell = new Parameter(tensor([0]))
    cell.assign(source)
    for (let i = 0; i < 4; i++) {
      step(cell)
      await realize(cell)
    }
    expect(await source.value.item()).toBe(2)
  })

  it('never takes memory that a cell shares without the other knowing', async () => {
    const source = new Parameter(tensor([1]))
    step(source)
    await realize(source)
    const twin = new Parameter(cellValue(source))
    for (let i = 0; i < 4; i++) {
      step(source)
      await realize(source)
    }
    expect(await twin.value.item()).toBe(2)
  })

  it('never takes what the caller made', async () => {
    const given = tensor([5])
    const cell = new Parameter(given)
    for (let i = 0; i < 4; i++) {
      step(cell)
      await realize(cell)
    }
    expect(await given.item()).toBe(5)
  })
})
