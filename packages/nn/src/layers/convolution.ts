import {
  type ConvolutionOptions,
  conv1d,
  conv2d,
  convTranspose2d,
  Module,
  Parameter,
  pad,
  type RandomKey,
  splitKey,
  type Tensor,
  type TensorLike,
  type TransposedConvolutionOptions,
  uniform,
} from '@surprisal/tensor'
import { requireDivisor, requireOneOf, requireWhole } from '../_shared/require.ts'
import { kaimingUniform } from '../init/init.ts'

type Sizes = number | readonly number[]

/** Options of {@link Conv1d} and {@link Conv2d}. */
export interface ConvModuleOptions extends ConvolutionOptions {
  /** Key of the initial weights, or its seed. */
  key: RandomKey | number
  /** Whether there is a bias. @default true */
  bias?: boolean
  /** What stands beyond the edges, where there is padding. @default 'zeros' */
  paddingMode?: PaddingMode
}

type PaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular'

const sizesOf = (size: Sizes, dims: number): number[] =>
  typeof size === 'number' ? Array.from({ length: dims }, () => size) : [...size]

/** Weight [out, in / groups, ...kernel] and bias [out], uniform in +-1/sqrt(fan in). */
function initial(
  name: string,
  [inChannels, outChannels]: readonly [number, number],
  kernel: readonly number[],
  { key, bias = true, groups = 1 }: { key: RandomKey | number; bias?: boolean; groups?: number },
  isTransposed = false,
): { weight: Parameter; bias: Parameter | null } {
  requireWhole(name, 'inChannels', inChannels, 1)
  requireWhole(name, 'outChannels', outChannels, 1)
  requireDivisor(name, 'groups', groups, 'inChannels', inChannels)
  requireDivisor(name, 'groups', groups, 'outChannels', outChannels)
  for (const size of kernel) requireWhole(name, 'kernelSize', size, 1)
  const channels = isTransposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups]
  const [weightKey, biasKey] = splitKey(key)
  const bound = 1 / Math.sqrt(channels[1] * kernel.reduce((a, b) => a * b, 1))
  return {
    weight: new Parameter(kaimingUniform(weightKey, [...channels, ...kernel], { a: Math.sqrt(5) })),
    bias: bias ? new Parameter(uniform(biasKey, [outChannels], { min: -bound, max: bound })) : null,
  }
}

/** x with its edges, and options of a convolution that adds no more of them. */
function withEdges(
  x: TensorLike,
  kernel: readonly number[],
  { paddingMode = 'zeros', ...options }: ConvolutionOptions & { paddingMode?: PaddingMode },
): [TensorLike, ConvolutionOptions] {
  const { padding = 0, dilation = 1, stride = 1 } = options
  const isSame = padding === 'same' && sizesOf(stride, kernel.length).every(step => step === 1)
  if (paddingMode === 'zeros' || (typeof padding === 'string' && !isSame)) return [x, options]
  const around = typeof padding === 'string' ? [] : sizesOf(padding, kernel.length)
  const gaps = sizesOf(dilation, kernel.length)
  const pairs = kernel.map((size, d) => {
    const span = (size - 1) * gaps[d]
    return isSame ? [span >> 1, span - (span >> 1)] : [around[d], around[d]]
  })
  return [pad(x, pairs.reverse().flat(), { mode: paddingMode }), { ...options, padding: 0 }]
}

const paddingModes: readonly string[] = ['zeros', 'reflect', 'replicate', 'circular']

/** Convolution of [B, inChannels, L]. */
export class Conv1d extends Module {
  /** [outChannels, inChannels / groups, kernelSize] */
  weight: Parameter
  bias: Parameter | null
  readonly #options: ConvolutionOptions & { paddingMode?: PaddingMode }

  /** @throws {SurprisalError} `argument` for sizes that are no whole numbers, or groups that do not divide the channels */
  constructor(inChannels: number, outChannels: number, kernelSize: number, options: ConvModuleOptions) {
    super()
    const { key: _key, bias: _bias, ...rest } = options
    requireOneOf('Conv1d', 'paddingMode', rest.paddingMode ?? 'zeros', paddingModes)
    ;({ weight: this.weight, bias: this.bias } = initial('Conv1d', [inChannels, outChannels], [kernelSize], options))
    this.#options = rest
  }

  override forward(x: TensorLike): Tensor {
    const [padded, options] = withEdges(x, this.weight.shape.slice(2), this.#options)
    return conv1d(padded, this.weight, this.bias, options)
  }
}

/** Convolution of [B, inChannels, H, W]. */
export class Conv2d extends Module {
  /** [outChannels, inChannels / groups, ...kernelSize] */
  weight: Parameter
  bias: Parameter | null
  readonly #options: ConvolutionOptions & { paddingMode?: PaddingMode }

  /** @throws {SurprisalError} `argument` for sizes that are no whole numbers, or groups that do not divide the channels */
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvModuleOptions) {
    super()
    const { key: _key, bias: _bias, ...rest } = options
    requireOneOf('Conv2d', 'paddingMode', rest.paddingMode ?? 'zeros', paddingModes)
    const kernel = sizesOf(kernelSize, 2)
    ;({ weight: this.weight, bias: this.bias } = initial('Conv2d', [inChannels, outChannels], kernel, options))
    this.#options = rest
  }

  override forward(x: TensorLike): Tensor {
    const [padded, options] = withEdges(x, this.weight.shape.slice(2), this.#options)
    return conv2d(padded, this.weight, this.bias, options)
  }
}

/** Options of {@link ConvTranspose2d}. */
export interface ConvTransposeModuleOptions extends TransposedConvolutionOptions {
  /** Key of the initial weights, or its seed. */
  key: RandomKey | number
  /** Whether there is a bias. @default true */
  bias?: boolean
}

/** The adjoint of a convolution, of [B, inChannels, H, W]. */
export class ConvTranspose2d extends Module {
  /** [inChannels, outChannels / groups, ...kernelSize] */
  weight: Parameter
  bias: Parameter | null
  readonly #options: TransposedConvolutionOptions

  /** @throws {SurprisalError} `argument` for sizes that are no whole numbers, or groups that do not divide the channels */
  constructor(inChannels: number, outChannels: number, kernelSize: Sizes, options: ConvTransposeModuleOptions) {
    super()
    const { key: _key, bias: _bias, ...rest } = options
    const kernel = sizesOf(kernelSize, 2)
    const channels = [inChannels, outChannels] as const
    ;({ weight: this.weight, bias: this.bias } = initial('ConvTranspose2d', channels, kernel, options, true))
    this.#options = rest
  }

  override forward(x: TensorLike): Tensor {
    return convTranspose2d(x, this.weight, this.bias, this.#options)
  }
}
