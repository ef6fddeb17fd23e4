import { gradients, normal, Parameter, randomKey, SurprisalError, tensor, zeros } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Linear, linear } from './linear.ts'

const draw = (seed: number, shape: number[]) => normal(randomKey(seed), shape)

describe('linear', () => {
  it('agrees with a plain loop for any leading dims', () => {
    const sizes = fc.record({
      lead: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
      inFeatures: fc.integer({ min: 1, max: 5 }),
      outFeatures: fc.integer({ min: 1, max: 4 }),
      seed: fc.nat(1000),
    })
    fc.assert(
      fc.property(sizes, ({ lead, inFeatures, outFeatures, seed }) => {
        const [x, w, b] = [
          draw(seed, [...lead, inFeatures]),
          draw(seed + 1, [outFeatures, inFeatures]),
          draw(seed + 2, [outFeatures]),
        ]
        const y = linear(x, w, b)
        expect(y.shape).toEqual([...lead, outFeatures])
        const [xs, ws, bs] = [x.dataSync(), w.dataSync(), b.dataSync()]
        y.dataSync().forEach((got, at) => {
          const [row, o] = [Math.floor(at / outFeatures), at % outFeatures]
          let sum = bs[o]
          for (let i = 0; i < inFeatures; i++) sum += xs[row * inFeatures + i] * ws[o * inFeatures + i]
          expect(got).toBeCloseTo(sum, 4)
        })
      }),
      { numRuns: 50 },
    )
  })

  it('does without a bias, whether null, left out or replaced by options', () => {
    const [x, w] = [draw(1, [2, 3]), draw(2, [4, 3])]
    const plain = Array.from(linear(x, w).dataSync())
    expect(Array.from(linear(x, w, null).dataSync())).toEqual(plain)
    expect(Array.from(linear(x, w, {}).dataSync())).toEqual(plain)
  })

  it('agrees with differences', () => {
    gradcheck((x, w, b) => linear(x, w, b), [draw(1, [2, 3]), draw(2, [4, 3]), draw(3, [4])], { order: 2 })
    gradcheck((x, w) => linear(x, w), [draw(1, [3]), draw(2, [2, 3])])
  })

  it.each([
    [() => linear(zeros([2, 5]), zeros([4, 3])), 'shape', 'linear: input must end in inFeatures = 3, got shape [2, 5]'],
    [() => linear(zeros([]), zeros([4, 3])), 'shape', 'linear: input must end in inFeatures = 3, got shape []'],
    [() => linear(zeros([3]), zeros([3])), 'shape', 'linear: weight must be [outFeatures, inFeatures], got shape [3]'],
    [() => linear([1] as never, zeros([3, 1])), 'argument', 'linear: input must be a tensor, got an array of 1'],
    [() => linear(zeros([3]), null as never), 'argument', 'linear: weight must be a tensor, got null'],
    [
      () => linear(zeros([3]), zeros([2, 3]), [1, 2] as never),
      'argument',
      'linear: bias must be a tensor, got an array of 2',
    ],
  ] as const)('refuses wrong arguments', (call, code, message) => {
    expect(call).toThrow(new SurprisalError(code, message))
  })
})

describe('Linear', () => {
  it('has its weights under their usual names, within 1 / sqrt(inFeatures)', async () => {
    const layer = new Linear(100, 50, { key: 0 })
    expect(Object.entries(layer.stateDict()).map(([name, value]) => [name, value.shape])).toEqual([
      ['weight', [50, 100]],
      ['bias', [50]],
    ])
    for (const cell of layer.parameters()) {
      const data = Array.from(await cell.value.data(), Math.abs)
      expect(Math.max(...data)).toBeLessThanOrEqual(0.1)
      expect(Math.max(...data)).toBeGreaterThan(0.08)
    }
  })

  it('is the same for the same key and differs by key', () => {
    const weight = (key: number) => Array.from(new Linear(3, 2, { key }).weight.value.dataSync())
    expect(weight(1)).toEqual(weight(1))
    expect(weight(1)).not.toEqual(weight(2))
    expect(Array.from(new Linear(3, 2, { key: randomKey(1) }).weight.value.dataSync())).toEqual(weight(1))
  })

  it('computes what linear computes, with and without bias', () => {
    const x = new Parameter(draw(4, [2, 3]))
    const [layer, bare] = [new Linear(3, 2, { key: 0 }), new Linear(3, 2, { key: 0, bias: false })]
    expect(layer.forward(x).dataSync()).toEqual(linear(x, layer.weight, layer.bias).dataSync())
    expect(bare.parameters()).toHaveLength(1)
    expect(bare.forward(x).dataSync()).toEqual(linear(x, bare.weight).dataSync())
    expect(gradients(layer.forward(x).sum(), [layer.bias as Parameter])[0].dataSync()).toEqual(
      tensor([2, 2]).dataSync(),
    )
  })

  it.each([
    [0, 2, 'Linear: inFeatures must be a whole number from 1, got 0'],
    [2, 1.5, 'Linear: outFeatures must be a whole number from 1, got 1.5'],
  ])('refuses sizes %d and %d', (inFeatures, outFeatures, message) => {
    expect(() => new Linear(inFeatures, outFeatures, { key: 0 })).toThrow(new SurprisalError('argument', message))
  })
})
