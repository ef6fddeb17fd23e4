import {
  gradients,
  normal,
  randint,
  randomKey,
  SurprisalError,
  setExecutor,
  splitKey,
  type Tensor,
  tensor,
  where,
} from '@surprisal/tensor'
import { registerReference } from '@surprisal/tensor/reference'
import { gradcheck } from './gradcheck.ts'
import type { LossDescriptor, LossDomain } from './loss-contract.ts'
import { isClose } from './vectors/compare.ts'
import type { VectorCase } from './vectors/format.ts'
import { runCase } from './vectors/run-case.ts'

/** Options of {@link checkLoss}. */
export interface CheckLossOptions {
  /** Random draws per check. @default 3 */
  cases?: number
  /** Vector cases that must pass as well. */
  vectors?: readonly VectorCase[]
}

const close = (got: number, expected: number): boolean => isClose(got, expected, { rtol: 1e-4, atol: 1e-5 })

type Call = (...args: unknown[]) => Tensor
type Sizes = Record<string, number>

const sizesOf = (round: number): Sizes => ({ N: 3 + round, C: 4 + round, D: 5, H: 4, W: 3, L: 6, K: 3 })

function shapeOf(descriptor: LossDescriptor, spec: string, sizes: Sizes): number[] {
  if (spec.trim() === '') return []
  return spec.split(',').map(letter => {
    const size = sizes[letter.trim()]
    if (size === undefined)
      throw new SurprisalError(
        'argument',
        `checkLoss: ${descriptor.name} has a shape with the unknown letter ${letter}`,
      )
    return size
  })
}

const domains: Record<LossDomain, (x: Tensor) => Tensor> = {
  real: x => x,
  positive: x => x.exp(),
  unit: x => x.sigmoid(),
  sign: x => where(x.greater(0), 1, -1),
  probability: x => x.softmax(),
  logProbability: x => x.logSoftmax(),
}

async function draw(descriptor: LossDescriptor, round: number, scale = 1): Promise<Tensor[]> {
  const sizes = sizesOf(round)
  const keys = splitKey(randomKey(round + 1), descriptor.inputs.length)
  const lazy = descriptor.inputs.map((input, i) => {
    const shape = shapeOf(descriptor, input.shape, sizes)
    if (input.dtype !== 'float32') return randint(keys[i], shape, 0, input.dtype === 'bool' ? 2 : sizes.C)
    const { domain = 'real' } = input
    return domains[domain](normal(keys[i], shape, { std: domain === 'real' ? scale : 1 }))
  })
  return Promise.all(
    lazy.map(async (x, i) => tensor(await x.data(), { shape: x.shape, dtype: descriptor.inputs[i].dtype })),
  )
}

/**
 * Holds a loss to the contract of the losses family: its reference, its gradients, its reductions, equivariance
 * to the order of the batch, ignored rows, stability, its inputs left alone, one result on every executor, options
 * refused out of their range, and given vectors. Works in any test runner: it rejects with all that is wrong.
 */
export async function checkLoss(
  descriptor: LossDescriptor,
  { cases = 3, vectors = [] }: CheckLossOptions = {},
): Promise<void> {
  const problems: string[] = []
  const attempt = async (what: string, check: () => void | Promise<void>): Promise<void> => {
    try {
      await check()
    } catch (error) {
      problems.push(`${what} throws ${String(error)}`)
    }
  }
  for (let round = 0; round < cases; round++) {
    const inputs = await draw(descriptor, round)
    await attempt('value', () => checkValue(descriptor, inputs, sizesOf(round), problems))
    await attempt('reduction', () => checkReductions(descriptor, inputs, problems))
    await attempt('order', () => checkOrder(descriptor, inputs, problems))
    checkGradient(descriptor, inputs, problems)
    if (descriptor.options.ignoreIndex) await attempt('ignoreIndex', () => checkIgnored(descriptor, inputs, problems))
  }
  if (descriptor.stable) await attempt('stability', () => checkStable(descriptor, problems))
  await checkOptions(descriptor, problems)
  for (const entry of vectors) {
    const outcome = await runCase(entry, { [descriptor.name]: descriptor.loss })
    if (outcome.status !== 'passed') problems.push(`vector "${entry.name}": ${JSON.stringify(outcome)}`)
  }
  if (problems.length > 0) throw new Error(`checkLoss: ${descriptor.name}\n  ${[...new Set(problems)].join('\n  ')}`)
}

const call = (descriptor: LossDescriptor, inputs: readonly Tensor[], options: object = {}): Tensor =>
  (descriptor.loss as unknown as Call)(...inputs, options)

async function checkValue(
  descriptor: LossDescriptor,
  inputs: Tensor[],
  sizes: Sizes,
  problems: string[],
): Promise<void> {
  const before = await Promise.all(inputs.map(input => input.data()))
  const defaults = Object.fromEntries(
    Object.entries(descriptor.options).map(([name, option]) => [name, option.default]),
  )
  const expected = descriptor.reference(
    before.map(data => Float64Array.from(data)),
    sizes,
    defaults,
  )
  registerReference()
  try {
    for (const executor of ['reference', 'wasm']) {
      setExecutor(executor)
      const got = (await call(descriptor, inputs).item()) as number
      if (!close(got, expected)) problems.push(`value on ${executor}: expected ${expected}, got ${got}`)
    }
  } finally {
    setExecutor('wasm')
  }
  const after = await Promise.all(inputs.map(input => input.data()))
  if (!after.every((data, i) => data.every((x, j) => Object.is(x, before[i][j]))))
    problems.push('an input was modified')
}

async function checkReductions(descriptor: LossDescriptor, inputs: Tensor[], problems: string[]): Promise<void> {
  const [none, sum, mean] = ['none', 'sum', 'mean'].map(reduction => call(descriptor, inputs, { reduction }))
  if (none.ndim === 0 && descriptor.inputs.some(input => input.shape.startsWith('N')))
    problems.push("'none' joins the losses of a batch")
  const terms = Array.from(await none.data())
  const total = terms.reduce((a, b) => a + b, 0)
  if (!close((await sum.item()) as number, total)) problems.push("'sum' is not the sum of 'none'")
  if (!close((await mean.item()) as number, total / terms.length)) problems.push("'mean' is not the mean of 'none'")
}

/** The batch in reverse must give the same mean, and the same losses in reverse. */
async function checkOrder(descriptor: LossDescriptor, inputs: Tensor[], problems: string[]): Promise<void> {
  const turned = inputs.map((input, i) => (descriptor.inputs[i].shape.startsWith('N') ? input.flip([0]) : input))
  const [a, b] = await Promise.all([call(descriptor, inputs).item(), call(descriptor, turned).item()])
  if (!close(a as number, b as number)) problems.push(`order of the batch matters: ${a}, ${b}`)
  const [none, other] = [inputs, turned].map(list => call(descriptor, list, { reduction: 'none' }))
  const size = inputs.find((_, i) => descriptor.inputs[i].shape.startsWith('N'))?.shape[0]
  if (size === undefined || none.shape[0] !== size) return
  const back = await other.flip([0]).data()
  if (!(await none.data()).every((value, i) => close(value, back[i])))
    problems.push("'none' does not follow the order of the batch")
}

function checkGradient(descriptor: LossDescriptor, inputs: Tensor[], problems: string[]): void {
  const varied = descriptor.inputs.map(input => descriptor.differentiable.includes(input.name))
  try {
    gradcheck(
      (...free) =>
        call(
          descriptor,
          inputs.map((input, i) => (varied[i] ? (free.shift() as Tensor) : input)),
        ),
      inputs.filter((_, i) => varied[i]),
    )
  } catch (error) {
    problems.push((error as Error).message)
  }
}

/** The first target ignored: its row costs nothing, has no gradient, and leaves the mean of the others. */
async function checkIgnored(descriptor: LossDescriptor, inputs: Tensor[], problems: string[]): Promise<void> {
  const ignoreIndex = descriptor.options.ignoreIndex.default
  const ignoring = await Promise.all(
    inputs.map(async (input, i) => {
      const data = await input.data()
      if (descriptor.inputs[i].dtype === 'int32') data[0] = ignoreIndex
      return tensor(data, { shape: input.shape, dtype: input.dtype })
    }),
  )
  const rest = inputs.map((input, i) =>
    descriptor.inputs[i].shape.startsWith('N') ? input.slice(0, { start: 1 }) : input,
  )
  const mean = call(descriptor, ignoring)
  if (!close((await mean.item()) as number, (await call(descriptor, rest).item()) as number))
    problems.push('the mean with an ignored row is not the mean of the others')
  const scores = ignoring.filter((_, i) => descriptor.differentiable.includes(descriptor.inputs[i].name))
  for (const grad of gradients(mean, scores))
    if ((await grad.select(0, 0).data()).some(value => value !== 0)) problems.push('an ignored row has a gradient')
}

async function checkStable(descriptor: LossDescriptor, problems: string[]): Promise<void> {
  const inputs = await draw(descriptor, 0, 1e4)
  const value = call(descriptor, inputs)
  const grads = gradients(
    value,
    inputs.filter((_, i) => descriptor.differentiable.includes(descriptor.inputs[i].name)),
  )
  for (const part of [value, ...grads])
    if (!(await part.data()).every(Number.isFinite)) problems.push('not finite for inputs of the order of 1e4')
}

async function checkOptions(descriptor: LossDescriptor, problems: string[]): Promise<void> {
  const inputs = await draw(descriptor, 0)
  for (const [name, { min, max }] of Object.entries(descriptor.options))
    for (const wrong of [
      min === undefined ? undefined : min - 1,
      max === undefined ? undefined : max + 1,
      Number.NaN,
    ]) {
      if (wrong === undefined) continue
      try {
        await call(descriptor, inputs, { [name]: wrong }).data()
        problems.push(`${name} = ${wrong} is not refused`)
      } catch (error) {
        if (!(error instanceof SurprisalError)) problems.push(`${name} = ${wrong} throws ${String(error)}`)
      }
    }
}
