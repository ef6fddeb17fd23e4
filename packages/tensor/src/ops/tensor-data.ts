import { type DType, type HostArray, hostArray, isFloat, isInteger } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import { checkShape, maxRank, type Shape, shapeText, sizeOf } from '../shape.ts'
import { leaf, type Tensor } from '../tensor.ts'
import { type CreationOptions, checkCreation } from './creation.ts'
import { elementOf, got } from './internal/arguments.ts'

/** Numbers or booleans, alone or in lists of lists of equal lengths. */
export type NestedArray = number | boolean | readonly NestedArray[]

/** What {@link tensor} takes: nested arrays or a typed array of numbers. */
export type TensorData = NestedArray | (ArrayBufferView & ArrayLike<number>)

/** Options of {@link tensor}. */
export interface TensorOptions extends CreationOptions {
  /** Shape of the result, for flat data; by default that of the nested arrays, or one dim for a typed array. */
  shape?: Shape
}

const dtypeOfArray: Record<string, DType> = {
  Float32Array: 'float32',
  Float64Array: 'float32',
  Float16Array: 'float16',
  Int32Array: 'int32',
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8',
  Int8Array: 'int8',
}

/** The class of a typed array, also of one from another realm. */
const classOf = (data: object): string => Object.prototype.toString.call(data).slice(8, -1)

/**
 * A tensor of given numbers, which are copied.
 *
 * The dtype is, unless given: bool when all are booleans, otherwise float32 for JavaScript numbers; int32, uint8
 * (also of Uint8ClampedArray), int8, float32 (also of Float64Array) or float16 for typed arrays. Numbers become
 * elements of a given dtype as in `cast`: floats are rounded, or truncated and saturated to the integer range.
 *
 * @param data a number, a boolean, nested arrays or a typed array
 * @param options shape and dtype
 * @throws {SurprisalError} `shape` for ragged nesting or a shape of another size, `argument` for anything else than
 * numbers and booleans
 */
export function tensor(data: TensorData, options: TensorOptions = {}): Tensor {
  checkCreation('tensor', options)
  const typed = ArrayBuffer.isView(data)
  const ownShape = typed ? [(data as ArrayLike<number>).length] : shapeOfNested(data)
  const inferred = typed ? dtypeOfTyped(data, options.dtype) : null
  const flat = typed ? (data as ArrayLike<number>) : flattenNested(data, ownShape)
  const dtype = options.dtype ?? inferred ?? (allBooleans(flat) ? 'bool' : 'float32')
  const shape = options.shape ?? ownShape
  checkShape('tensor', shape)
  if (sizeOf(shape) !== flat.length)
    throw new SurprisalError(
      'shape',
      `tensor: shape ${shapeText(shape)} needs ${sizeOf(shape)} elements, got ${flat.length}`,
    )
  return leaf('tensor', elementsOf(flat, inferred ?? 'float32', dtype), dtype, [...shape], options.device)
}

function dtypeOfTyped(data: ArrayBufferView, wanted: DType | undefined): DType {
  const name = classOf(data)
  if (name.startsWith('Big')) throw new SurprisalError('dtype', `tensor: data must not be a BigInt array, got ${name}`)
  const dtype = dtypeOfArray[name] ?? (wanted && name.endsWith('Array') ? 'float32' : undefined)
  if (!dtype)
    throw new SurprisalError('dtype', `tensor: data must be a typed array with a dtype of its own, got ${name}`)
  return dtype
}

function elementsOf(flat: ArrayLike<number | boolean>, from: DType, to: DType): HostArray {
  const out = hostArray(to, flat.length)
  if (from === to && flat.constructor === out.constructor) return (flat as HostArray).slice()
  const wraps = !isFloat(from) && isInteger(to)
  for (let i = 0; i < flat.length; i++) out[i] = wraps ? Number(flat[i]) : elementOf(flat[i], to)
  return out
}

const allBooleans = (flat: ArrayLike<number | boolean>): boolean =>
  flat.length > 0 && Array.prototype.every.call(flat, x => typeof x === 'boolean')

function shapeOfNested(data: unknown): number[] {
  const shape: number[] = []
  for (let at = data; Array.isArray(at); at = at[0]) {
    if (shape.length === maxRank)
      throw new SurprisalError('shape', `tensor: rank must be at most ${maxRank}, got deeper nesting`)
    shape.push(at.length)
  }
  return shape
}

function flattenNested(data: unknown, shape: Shape): (number | boolean)[] {
  const flat: (number | boolean)[] = []
  const path: number[] = []
  const walk = (x: unknown, depth: number): void => {
    if (depth === shape.length ? Array.isArray(x) : Array.isArray(x) && x.length !== shape[depth]) throw ragged(path)
    if (depth === shape.length || !Array.isArray(x)) {
      if (typeof x !== 'number' && typeof x !== 'boolean') throw wrongElement(x, path)
      if (depth < shape.length) throw ragged(path)
      flat.push(x)
      return
    }
    for (let i = 0; i < x.length; i++) {
      path.push(i)
      walk(x[i], depth + 1)
      path.pop()
    }
  }
  walk(data, 0)
  return flat
}

const ragged = (path: readonly number[]): SurprisalError =>
  new SurprisalError('shape', `tensor: ragged nested array at ${shapeText(path)}`)

const wrongElement = (x: unknown, path: readonly number[]): SurprisalError =>
  new SurprisalError(
    'argument',
    path.length === 0
      ? `tensor: data must be nested arrays or a typed array, got ${got(x)}`
      : `tensor: data must hold numbers or booleans, got ${got(x)} at ${shapeText(path)}`,
  )
