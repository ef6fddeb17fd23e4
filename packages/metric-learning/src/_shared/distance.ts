import { cdist, type Tensor } from '@surprisal/tensor'
import { fail, shapeText } from './arguments.ts'

/** The built-in distances; `cosine` and `dot` are inverted, larger is closer. */
export type DistanceType = 'lp' | 'cosine' | 'dot' | 'snr'

/** A built-in distance with its settings. */
export interface DistanceSpec {
  type: DistanceType
  /** Norm of `lp` and of the normalisation, above 0. @default 2 */
  p?: number | 'inf'
  /** Divides every row by its norm before, for every type; `cosine` cannot do without. @default true */
  normalize?: boolean
  /** Exponent of the finished matrix. @default 1 */
  power?: number
}

/** A distance of one's own. */
export interface CustomDistance {
  /** `[N, D]` and `[M, D]` to `[N, M]`; the rows come as they are. */
  matrix(a: Tensor, b: Tensor): Tensor
  /** Whether larger means closer. @default false */
  inverted?: boolean
}

/** How far embeddings are apart: a name, settings, or an object with `matrix(a, b)`. */
export type Distance = DistanceType | DistanceSpec | CustomDistance

const types: readonly DistanceType[] = ['lp', 'cosine', 'dot', 'snr']

/** A distance with all its settings checked. */
export function resolveDistance(op: string, distance: Distance): Required<CustomDistance> {
  if (typeof distance === 'object' && distance !== null && 'matrix' in distance) {
    const { inverted = false } = distance
    return { inverted, matrix: (a, b) => checkedMatrix(op, distance, a, b) }
  }
  const spec: DistanceSpec = typeof distance === 'string' ? { type: distance } : distance
  const { type, p = 2, normalize = true, power = 1 } = spec ?? {}
  if (!types.includes(type))
    fail(
      'argument',
      op,
      `distance must be one of ${types.join('|')} or an object with matrix(a, b), got ${name(distance)}`,
    )
  if (p !== 'inf' && !(typeof p === 'number' && p > 0))
    fail('argument', op, `distance.p must be a positive number or 'inf', got ${String(p)}`)
  if (typeof power !== 'number' || !Number.isFinite(power))
    fail('argument', op, `distance.power must be a finite number, got ${String(power)}`)
  if (type === 'cosine' && !normalize)
    fail('argument', op, "distance.normalize must be true for cosine, got false; 'dot' leaves rows as they are")
  return {
    inverted: type === 'cosine' || type === 'dot',
    matrix: (a, b) => {
      const [x, y] = normalize ? [normalizeRows(a, p), normalizeRows(b, p)] : [a, b]
      const raw =
        type === 'lp' ? cdist(x, y, { p }) : type === 'snr' ? noiseToSignal(x, y) : x.matmul(y.transpose(0, 1))
      return power === 1 ? raw : raw.pow(power)
    },
  }
}

/** The matrix by which larger is closer, for losses over similarities. */
export function similarity(op: string, distance: Distance, a: Tensor, b: Tensor): Tensor {
  const { matrix, inverted } = resolveDistance(op, distance)
  return inverted ? matrix(a, b) : matrix(a, b).neg()
}

/** Rows of length 1 in the p-norm; a row of zeros stays one. */
export function normalizeRows(x: Tensor, p: number | 'inf' = 2): Tensor {
  return x.div(x.norm({ p, dim: -1, keepdim: true }).maximum(1e-12))
}

/** Variance of the difference over the variance of the anchor, which is a row of a. */
function noiseToSignal(a: Tensor, b: Tensor): Tensor {
  const over = { dim: -1, correction: 0 }
  const noise = a.unsqueeze(1).sub(b.unsqueeze(0)).var(over)
  return noise.div(a.var({ ...over, keepdim: true }).maximum(1e-12))
}

function checkedMatrix(op: string, distance: CustomDistance, a: Tensor, b: Tensor): Tensor {
  const result = distance.matrix(a, b)
  const expected = shapeText([a.shape[0], b.shape[0]])
  if (shapeText(result.shape) !== expected)
    fail('shape', op, `distance.matrix must return shape ${expected}, got ${shapeText(result.shape)}`)
  return result
}

const name = (distance: unknown): string =>
  typeof distance === 'object' && distance !== null
    ? `type '${String((distance as DistanceSpec).type)}'`
    : `'${String(distance)}'`
