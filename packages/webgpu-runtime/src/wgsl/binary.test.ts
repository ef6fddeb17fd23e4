import { SurprisalError, type Tensor, tensor } from '@surprisal/tensor'
import { expect, it } from 'vitest'
import { expectAgreement } from '../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../__fixtures__/gpu.ts'
import { withRuntime } from '../__fixtures__/with-runtime.ts'
import { binaryExpression, hasBinary } from './binary.ts'

const floats = [
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 0.1, 7, -7],
  ...[1e-20, 1e10, -1e10, 1e30, -1e30, 123.456, -2.5, 5.25, 1e-3, 33, 40],
]
const integers = [0, 1, -1, 2, -2, 3, -3, 7, -7, 31, 32, 33, 100, -100, 127, -128, 2147483647, -2147483648]
const arithmetic = ['add', 'sub', 'mul', 'floorDivide', 'remainder', 'fmod', 'pow', 'maximum', 'minimum']
const comparisons = ['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual']
const logic = ['logicalAnd', 'logicalOr', 'logicalXor']
const bitwise = ['bitwiseAnd', 'bitwiseOr', 'bitwiseXor']

const of = (f: string, a: Tensor, b: Tensor): Tensor => (a as unknown as Record<string, (b: Tensor) => Tensor>)[f](b)
const column = (x: Tensor): Tensor => x.unsqueeze(1)

describeGpu('functions of two', () => {
  const runtime = withRuntime()

  it.each([...arithmetic, 'div', 'fmax', 'fmin', 'atan2', 'hypot', 'logaddexp', ...comparisons, ...logic])(
    'floats: %s of all pairs',
    async f => {
      const exact = [...comparisons, ...logic, 'fmod', 'maximum', 'minimum', 'fmax', 'fmin', 'add', 'sub', 'mul']
      const tolerance = exact.includes(f) ? 0 : f === 'pow' ? 2e-5 : 2e-6
      await expectAgreement(runtime(), () => [of(f, column(tensor(floats)), tensor(floats))], { tolerance })
    },
  )

  it.each(['int32', 'uint8', 'int8'] as const)('%s: all pairs', async dtype => {
    const x = () => tensor(integers, { dtype: 'int32' }).cast(dtype)
    for (const f of [...arithmetic, ...comparisons, ...logic, ...bitwise, 'shiftLeft', 'shiftRight'])
      await expectAgreement(runtime(), () => [of(f, column(x()), x())])
  })

  it('bools: all pairs', async () => {
    const x = () => tensor([true, false])
    for (const f of ['add', 'mul', 'maximum', 'minimum', ...comparisons, ...logic, ...bitwise])
      await expectAgreement(runtime(), () => [of(f, column(x()), x())])
  })

  it('says what it has', () => {
    expect(hasBinary('bitwiseAnd', 'float32')).toBe(false)
    expect(binaryExpression('add', 'int8', 'a', 'b')).toBe('(a + b)')
    expect(() => binaryExpression('sub', 'bool', 'a', 'b')).toThrow(
      new SurprisalError('argument', 'binaryExpression: there is no code for sub of bool'),
    )
  })
})
