import { SurprisalError } from '@surprisal/tensor'
import { requireList } from '../_shared/positional.ts'

/**
 * Inputs and outputs of one unit of a weight [out, in, ...receptive field].
 * @throws {SurprisalError} `shape` below 2 dimensions
 */
export function calculateFanInAndFanOut(shape: readonly number[]): { fanIn: number; fanOut: number } {
  requireList('calculateFanInAndFanOut', 'shape', shape)
  if (shape.length < 2)
    throw new SurprisalError(
      'shape',
      `calculateFanInAndFanOut: shape must have at least 2 dimensions, got [${shape.join(', ')}]`,
    )
  const field = shape.slice(2).reduce((product, dim) => product * dim, 1)
  return { fanIn: shape[1] * field, fanOut: shape[0] * field }
}

export type Nonlinearity =
  | 'linear'
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leaky_relu'
  | 'selu'

/**
 * Factor by which a nonlinearity asks for larger weights.
 * @param param slope of leaky_relu @default 0.01
 */
export function calculateGain(nonlinearity: Nonlinearity, { param = 0.01 }: { param?: number } = {}): number {
  switch (nonlinearity) {
    case 'linear':
    case 'conv1d':
    case 'conv2d':
    case 'conv3d':
    case 'sigmoid':
      return 1
    case 'tanh':
      return 5 / 3
    case 'relu':
      return Math.SQRT2
    case 'leaky_relu':
      return Math.sqrt(2 / (1 + param ** 2))
    case 'selu':
      return 3 / 4
    default:
      throw new SurprisalError(
        'argument',
        `calculateGain: nonlinearity must be linear, conv1d, conv2d, conv3d, sigmoid, tanh, relu, leaky_relu or selu, got ${String(nonlinearity)}`,
      )
  }
}

/** Options of {@link initBound} and {@link initStd}. */
export interface InitScaleOptions {
  scheme: 'xavierUniform' | 'xavierNormal' | 'kaimingUniform' | 'kaimingNormal'
  /** Factor; for the kaiming schemes taken from `nonlinearity` or `a` when left out. */
  gain?: number
  /** Slope behind the unit (kaiming). @default 0 */
  a?: number
  /** Which fan keeps its scale (kaiming). @default 'fanIn' */
  mode?: 'fanIn' | 'fanOut'
  nonlinearity?: Nonlinearity
}

/**
 * Standard deviation of a scheme's weights.
 * @see Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010
 * @see He et al., "Delving Deep into Rectifiers", 2015
 */
export function initStd(
  shape: readonly number[],
  { scheme, gain, a = 0, mode = 'fanIn', nonlinearity }: InitScaleOptions,
): number {
  const fans = calculateFanInAndFanOut(shape)
  if (scheme === 'xavierUniform' || scheme === 'xavierNormal')
    return (gain ?? 1) * Math.sqrt(2 / (fans.fanIn + fans.fanOut))
  if (scheme !== 'kaimingUniform' && scheme !== 'kaimingNormal')
    throw new SurprisalError(
      'argument',
      `initStd: scheme must be xavierUniform, xavierNormal, kaimingUniform or kaimingNormal, got ${String(scheme)}`,
    )
  if (mode !== 'fanIn' && mode !== 'fanOut')
    throw new SurprisalError('argument', `initStd: mode must be fanIn or fanOut, got ${String(mode)}`)
  const factor = gain ?? (nonlinearity ? calculateGain(nonlinearity, { param: a }) : Math.sqrt(2 / (1 + a ** 2)))
  return factor / Math.sqrt(fans[mode])
}

/** Half width of the uniform distribution with the standard deviation of {@link initStd}. */
export function initBound(shape: readonly number[], options: InitScaleOptions): number {
  return Math.sqrt(3) * initStd(shape, options)
}
