import { SurprisalError, type Tensor, tensor } from '@surprisal/tensor'
import { expect, it } from 'vitest'
import { expectAgreement } from '../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../__fixtures__/gpu.ts'
import { withRuntime } from '../__fixtures__/with-runtime.ts'
import { hasUnary, unaryExpression } from './unary.ts'

const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0]
const powers = Array.from({ length: 77 }, (_, i) => 10 ** ((i - 38) / 1.02)).filter(x => x > 2e-38 && x < 3e38)
const inputs = [
  ...odd,
  ...powers,
  ...powers.map(x => -x),
  ...Array.from({ length: 401 }, (_, i) => (i - 200) / 20.3),
  ...Array.from({ length: 121 }, (_, i) => (i - 60) / 60),
  ...Array.from({ length: 101 }, (_, i) => (i - 50) * 2.177),
  ...[Math.PI, Math.PI / 2, 355, 8192.5, 0.9999999, -0.9999999, 1.0000001, 2, -3, 88.7, 88.8, -87.3],
].map(Math.fround)

/** Largest relative error, and an absolute one near zeros of a function. */
const functions: Readonly<Record<string, readonly [number, number?]>> = {
  neg: [0],
  abs: [0],
  sign: [0],
  floor: [0],
  ceil: [0],
  round: [0],
  trunc: [0],
  isnan: [0],
  isfinite: [0],
  isinf: [0],
  logicalNot: [0],
  sqrt: [1e-6],
  rsqrt: [1e-6],
  reciprocal: [1e-6],
  exp: [1e-6],
  exp2: [1e-6],
  expm1: [1e-6],
  log: [1e-6],
  log2: [1e-6],
  log10: [1e-6],
  log1p: [1e-6],
  sin: [1e-6],
  cos: [1e-6],
  tan: [1e-6],
  asin: [1e-6],
  acos: [1e-6],
  atan: [1e-6],
  sinh: [5e-6],
  cosh: [5e-6],
  tanh: [1e-6],
  asinh: [1e-6],
  acosh: [1e-6],
  atanh: [1e-6],
  sigmoid: [1e-6],
  softplus: [1e-6],
  erf: [1e-6],
  erfc: [5e-6],
  erfinv: [1e-5],
  lgamma: [2e-4, 1e-5],
  digamma: [2e-4, 1e-5],
}

describeGpu('functions of one float', () => {
  const runtime = withRuntime()
  const of = (f: string, x: Tensor): Tensor => (x as unknown as Record<string, () => Tensor>)[f]()

  it.each(Object.keys(functions))('%s', async f => {
    const [tolerance, absolute] = functions[f]
    // Far from zero the gamma functions of negative numbers lie between poles that float32 hardly tells apart.
    const domain = f.endsWith('gamma') ? inputs.filter(x => !(x < -20)) : inputs
    const { kernels } = await expectAgreement(runtime(), () => [of(f, tensor(domain))], { tolerance, absolute })
    expect(kernels).toHaveLength(1)
  })

  it('halves are rounded once', async () => {
    const x = () => tensor(inputs, { dtype: 'float16' })
    await expectAgreement(runtime(), () => [x().sqrt(), x().exp(), x().tanh(), x().mul(1.1)], {
      tolerance: 1.1e-3,
      absolute: 6e-8,
    })
  })
})

describeGpu('functions of one integer or bool', () => {
  const runtime = withRuntime()
  const integers = [0, 1, -1, 5, -7, 127, 128, -128, 255, 2147483647, -2147483648]

  it.each(['int32', 'uint8', 'int8'] as const)('%s', async dtype => {
    await expectAgreement(runtime(), () => {
      const x = tensor(integers, { dtype: 'int32' }).cast(dtype)
      return [x.neg(), x.abs(), x.bitwiseNot(), x.logicalNot(), x.sign(), x.square()]
    })
  })

  it('bool', async () => {
    await expectAgreement(runtime(), () => {
      const x = tensor([true, false, true])
      return [x.bitwiseNot(), x.logicalNot()]
    })
  })

  it('says what it has', () => {
    expect(hasUnary('exp', 'float16')).toBe(true)
    expect(hasUnary('exp', 'int32')).toBe(false)
    expect(unaryExpression('neg', 'float32', 'v1')).toBe('-v1')
    expect(() => unaryExpression('exp', 'bool', 'v1')).toThrow(
      new SurprisalError('argument', 'unaryExpression: there is no code for exp of bool'),
    )
  })
})
