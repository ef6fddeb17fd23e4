import { normal, ones, randomKey, SurprisalError, tensor, zeros } from '@surprisal/tensor'
import { gradcheck, toBeAllclose } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { LayerNorm, layerNorm } from './layer-norm.ts'

const draw = (seed: number, shape: number[]) => normal(randomKey(seed), shape)

/** Rows of `size` elements normalised by the definition. */
function reference(
  x: ArrayLike<number>,
  size: number,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  eps: number,
) {
  return Array.from(x, (value, at) => {
    const row = Array.from({ length: size }, (_, i) => x[Math.floor(at / size) * size + i])
    const mean = row.reduce((a, b) => a + b, 0) / size
    const variance = row.reduce((sum, y) => sum + (y - mean) ** 2, 0) / size
    return ((value - mean) / Math.sqrt(variance + eps)) * weight[at % size] + bias[at % size]
  })
}

const close = (got: ArrayLike<number>, wanted: ArrayLike<number>): void => {
  const { pass, message } = toBeAllclose(got, wanted, { rtol: 1e-4, atol: 1e-5 })
  expect(pass, message()).toBe(true)
}

describe('layerNorm', () => {
  it.each([[[4]], [[3, 4]], [[2, 3, 4]]])('agrees with its definition over %j', shape => {
    const size = shape.reduce((a, b) => a * b, 1)
    const [x, w, b] = [draw(1, [2, ...shape]), draw(2, shape), draw(3, shape)]
    const [xs, ws, bs] = [x, w, b].map(part => part.dataSync())
    close(layerNorm(x, w, b, { eps: 1e-3 }).dataSync(), reference(xs, size, ws, bs, 1e-3))
    close(layerNorm(x, w, { eps: 1e-3 }).dataSync(), reference(xs, size, ws, new Float32Array(size), 1e-3))
    const [one, none] = [new Float32Array(size).fill(1), new Float32Array(size)]
    close(layerNorm(x, { normalizedShape: shape }).dataSync(), reference(xs, size, one, none, 1e-5))
  })

  it('goes over the last dim when nothing names another', () => {
    const x = draw(4, [3, 5])
    expect(layerNorm(x).dataSync()).toEqual(layerNorm(x, ones([5]), zeros([5])).dataSync())
    expect(layerNorm(x, null, tensor([1, 2, 3, 4, 5])).dataSync()).toEqual(
      layerNorm(x, null)
        .add(tensor([1, 2, 3, 4, 5]))
        .dataSync(),
    )
  })

  it('makes the bias of a constant row', () => {
    expect(Array.from(layerNorm(ones([1, 3]).mul(7), ones([3]), tensor([1, 2, 3])).dataSync())).toEqual([1, 2, 3])
  })

  it('agrees with differences, to the second order', () => {
    gradcheck((x, w, b) => layerNorm(x, w, b), [draw(1, [2, 4]), draw(2, [4]), draw(3, [4])], { order: 2 })
  })

  it.each([
    [
      () => layerNorm(ones([2, 3]), ones([4])),
      'shape',
      'layerNorm: normalizedShape [4] must equal the last dims of [2, 3]',
    ],
    [() => layerNorm(ones([2, 3]), ones([3]), ones([2])), 'shape', 'layerNorm: bias must have shape [3], got [2]'],
    [() => layerNorm(1 as never), 'argument', 'layerNorm: x must be a tensor, got number 1'],
    [() => layerNorm(ones([2]), [1, 1] as never), 'argument', 'layerNorm: weight must be a tensor, got an array of 2'],
  ] as const)('refuses wrong arguments', (call, code, message) => {
    expect(call).toThrow(new SurprisalError(code, message))
  })
})

describe('LayerNorm', () => {
  it('starts as plain normalisation', () => {
    const x = draw(5, [2, 3, 4])
    for (const shape of [4, [4], [3, 4]]) {
      const layer = new LayerNorm(shape)
      const trailing = typeof shape === 'number' ? [shape] : shape
      expect(Object.values(layer.stateDict()).map(value => value.shape)).toEqual([trailing, trailing])
      expect(layer.forward(x).dataSync()).toEqual(layerNorm(x, { normalizedShape: trailing }).dataSync())
    }
  })

  it('uses its eps', () => {
    const x = draw(6, [2, 4])
    expect(new LayerNorm(4, { eps: 0.5 }).forward(x).dataSync()).toEqual(layerNorm(x, { eps: 0.5 }).dataSync())
  })
})
