import { SurprisalError, type Tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { calculateFanInAndFanOut, calculateGain, type InitScaleOptions, initBound, initStd } from './fans.ts'
import { kaimingNormal, kaimingUniform, truncNormal, xavierNormal, xavierUniform } from './init.ts'
import { orthogonal } from './orthogonal.ts'

const shape = [60, 40, 3]

function moments(x: Tensor): { mean: number; std: number; low: number; high: number } {
  const data = Array.from(x.dataSync())
  const mean = data.reduce((a, b) => a + b, 0) / data.length
  const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length
  return { mean, std: Math.sqrt(variance), low: Math.min(...data), high: Math.max(...data) }
}

describe('fans and gains', () => {
  it.each([
    [[5, 3], { fanIn: 3, fanOut: 5 }],
    [[8, 4, 3, 3], { fanIn: 36, fanOut: 72 }],
    [[0, 2], { fanIn: 2, fanOut: 0 }],
  ])('of %j', (dims, fans) => {
    expect(calculateFanInAndFanOut(dims)).toEqual(fans)
  })

  it.each([[[]], [[5]]])('refuses the shape %j', dims => {
    expect(() => calculateFanInAndFanOut(dims)).toThrow(
      new SurprisalError(
        'shape',
        `calculateFanInAndFanOut: shape must have at least 2 dimensions, got [${dims.join(', ')}]`,
      ),
    )
  })

  it.each([
    ['linear', 1],
    ['conv1d', 1],
    ['conv2d', 1],
    ['conv3d', 1],
    ['sigmoid', 1],
    ['tanh', 5 / 3],
    ['relu', Math.SQRT2],
    ['leaky_relu', Math.sqrt(2 / 1.0001)],
    ['selu', 0.75],
  ] as const)('gain of %s', (name, gain) => {
    expect(calculateGain(name)).toBeCloseTo(gain, 12)
  })

  it('gain of leaky_relu by its slope, none of an unknown name', () => {
    expect(calculateGain('leaky_relu', { param: 1 })).toBe(1)
    expect(() => calculateGain('swish' as never)).toThrow('calculateGain: nonlinearity must be linear, conv1d')
  })

  it.each<[InitScaleOptions, number]>([
    [{ scheme: 'xavierNormal' }, Math.sqrt(2 / 300)],
    [{ scheme: 'xavierUniform', gain: 2 }, 2 * Math.sqrt(2 / 300)],
    [{ scheme: 'kaimingNormal' }, Math.sqrt(2 / 120)],
    [{ scheme: 'kaimingNormal', mode: 'fanOut' }, Math.sqrt(2 / 180)],
    [{ scheme: 'kaimingUniform', a: Math.sqrt(5) }, Math.sqrt(1 / 3 / 120)],
    [{ scheme: 'kaimingNormal', nonlinearity: 'tanh' }, 5 / 3 / Math.sqrt(120)],
    [{ scheme: 'kaimingNormal', gain: 3, nonlinearity: 'tanh' }, 3 / Math.sqrt(120)],
  ])('std of %j, and its bound', (options, std) => {
    expect(initStd(shape, options)).toBeCloseTo(std, 12)
    expect(initBound(shape, options)).toBeCloseTo(std * Math.sqrt(3), 12)
  })

  it.each([
    [{ scheme: 'he' }, 'initStd: scheme must be xavierUniform, xavierNormal, kaimingUniform or kaimingNormal, got he'],
    [{ scheme: 'kaimingNormal', mode: 'fan' }, 'initStd: mode must be fanIn or fanOut, got fan'],
  ])('refuses %j', (options, message) => {
    expect(() => initStd(shape, options as never)).toThrow(new SurprisalError('argument', message))
  })
})

describe('drawn weights', () => {
  it.each([
    ['xavierUniform', xavierUniform],
    ['kaimingUniform', kaimingUniform],
  ] as const)('%s fills its bound and no more', (scheme, init) => {
    const bound = initBound(shape, { scheme })
    const { mean, std, low, high } = moments(init(0, shape))
    expect(Math.max(-low, high)).toBeLessThanOrEqual(bound)
    expect(std).toBeCloseTo(bound / Math.sqrt(3), 2)
    expect(Math.abs(mean)).toBeLessThan(bound / 20)
  })

  it.each([
    ['xavierNormal', xavierNormal],
    ['kaimingNormal', kaimingNormal],
  ] as const)('%s has its deviation', (scheme, init) => {
    const { mean, std } = moments(init(1, shape))
    expect(std / initStd(shape, { scheme })).toBeCloseTo(1, 1)
    expect(Math.abs(mean)).toBeLessThan(std / 20)
  })

  it('truncNormal keeps within values and not multiples of std', () => {
    const { mean, std, low, high } = moments(truncNormal(2, [100, 100], { std: 0.02 }))
    expect([mean, std]).toEqual([expect.closeTo(0, 2), expect.closeTo(0.02, 3)])
    expect(high).toBeLessThan(0.1)
    const narrow = moments(truncNormal(2, [100, 100], { mean: 1, std: 2, a: 0.5, b: 1.25 }))
    expect([narrow.low, narrow.high]).toEqual([expect.closeTo(0.5, 2), expect.closeTo(1.25, 2)])
    expect(narrow.low).toBeGreaterThanOrEqual(0.5)
    expect(low).toBeGreaterThan(-0.1)
  })

  it.each([
    [{ std: 0 }, 'truncNormal: std must be above 0, got 0'],
    [{ a: 1, b: 1 }, 'truncatedNormal: low must be less than high'],
  ])('truncNormal refuses %j', (options, message) => {
    expect(() => truncNormal(0, [2], options)).toThrow(message)
  })
})

describe('orthogonal', () => {
  it.each([
    [[5, 5], 1],
    [[3, 8], 2],
    [[8, 3], 1],
    [[4, 2, 3], 0.5],
  ])('of %j has orthogonal rows or columns of length %d', (dims, gain) => {
    const x = orthogonal(3, dims, { gain })
    expect(x.shape).toEqual(dims)
    const rest = x.size / dims[0]
    const matrix = x.reshape([dims[0], rest])
    const [wide, n] = dims[0] <= rest ? [matrix, dims[0]] : [matrix.transpose(0, 1), rest]
    const products = wide.matmul(wide.transpose(0, 1)).dataSync()
    products.forEach((value, at) => {
      expect(value).toBeCloseTo(at % (n + 1) === 0 ? gain ** 2 : 0, 5)
    })
  })

  it('is the same for the same key', () => {
    const [first] = orthogonal(4, [3, 3]).dataSync()
    expect(orthogonal(4, [3, 3]).dataSync()).toEqual(orthogonal(4, [3, 3]).dataSync())
    expect(orthogonal(5, [3, 3]).dataSync()[0]).not.toBe(first)
  })

  it('refuses vectors', () => {
    expect(() => orthogonal(0, [4])).toThrow('shape must have at least 2 dimensions')
  })
})
