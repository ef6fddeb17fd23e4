import { polygamma } from '../gamma-function.ts'
import { host, inFloat32, unary, withRule } from '../primitive.ts'
import type { Tensor } from '../tensor.ts'
import { mul } from './algebra.ts'

/** The derivative of order `n` of the digamma function of a float tensor; its own derivative is the next one. */
export function polygammaOf(op: string, n: number, x: Tensor): Tensor {
  if (n === 0) return unary(op, 'digamma', x)
  return inFloat32(op, x, y => {
    const value = host(op, [y], 'float32', y.shape, ([data], _shapes, out) => {
      for (let i = 0; i < data.length; i++) out[i] = polygamma(n, data[i])
    })
    return withRule(op, value, [y], (dy, [z]) => [mul(dy, polygammaOf(op, n + 1, z))])
  })
}
