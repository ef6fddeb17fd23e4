import { Tensor } from '@surprisal/tensor'
import { isTensorJson, type TensorJson, type Tolerance, toNumber } from './format.ts'

export type { Tolerance }

const exact: Tolerance = { rtol: 0, atol: 0 }
const integral = new Set(['int32', 'uint8', 'int8', 'bool'])

/** Whether two numbers agree: NaN with NaN, infinities by sign, else within the tolerance. */
export function isClose(got: number, expected: number, { rtol, atol }: Tolerance): boolean {
  if (Number.isNaN(expected)) return Number.isNaN(got)
  if (!Number.isFinite(expected)) return got === expected
  return Math.abs(got - expected) <= atol + rtol * Math.abs(expected)
}

async function compareTensor(got: Tensor, expected: TensorJson, tolerance: Tolerance, path: string): Promise<string[]> {
  const shape = (dims: readonly number[]) => `[${dims.join(', ')}]`
  if (shape(got.shape) !== shape(expected.shape))
    return [`${path}: expected shape ${shape(expected.shape)}, got ${shape(got.shape)}`]
  if (got.dtype !== expected.dtype) return [`${path}: expected dtype ${expected.dtype}, got ${got.dtype}`]
  const data = await got.data()
  if (data.length !== expected.data.length)
    return [`${path}: the case must hold ${data.length} elements, got ${expected.data.length}`]
  const rule = integral.has(expected.dtype) ? exact : tolerance
  // Decimals of a file are meant as the float32 next to them.
  const isBitwise = !integral.has(expected.dtype) && rule.rtol === 0 && rule.atol === 0
  const nearest = isBitwise ? Math.fround : (x: number): number => x
  const differs = (value: unknown, i: number): boolean => !isClose(data[i], nearest(toNumber(value)), rule)
  const at = expected.data.findIndex(differs)
  if (at < 0) return []
  const wrong = expected.data.filter(differs).length
  return [`${path}[${at}]: expected ${expected.data[at]}, got ${data[at]} (${wrong} of ${data.length} differ)`]
}

/** A value of any kind as nested plain lists and objects; tensors become nested lists, rank 0 a number. */
async function toPlain(value: unknown): Promise<unknown> {
  const settled = await value
  if (!(settled instanceof Tensor)) return ArrayBuffer.isView(settled) ? Array.from(settled as Float32Array) : settled
  const flat = Array.from(await settled.data(), x => (settled.dtype === 'bool' ? x !== 0 : x))
  const nest = (shape: readonly number[], from: number): unknown => {
    if (shape.length === 0) return flat[from]
    const stride = shape.slice(1).reduce((product, dim) => product * dim, 1)
    return Array.from({ length: shape[0] }, (_, i) => nest(shape.slice(1), from + i * stride))
  }
  return nest(settled.shape, 0)
}

/** Differences between a result and what a case expects of it, one line each; none when they agree. */
export async function compareValues(
  got: unknown,
  expected: unknown,
  tolerance: Tolerance,
  path = 'value',
): Promise<string[]> {
  const value = await got
  if (isTensorJson(expected)) {
    if (value instanceof Tensor) return compareTensor(value, expected, tolerance, path)
    if (expected.shape.length === 0) return compareValues(value, expected.data[0], tolerance, path)
    return [`${path}: expected a tensor, got ${typeof value}`]
  }
  const plain = await toPlain(value)
  const rule = value instanceof Tensor && integral.has(value.dtype) ? exact : tolerance
  if (typeof expected === 'number' || isNonFinite(expected, plain)) {
    const number = typeof plain === 'boolean' ? Number(plain) : plain
    if (typeof number === 'number' && isClose(number, toNumber(expected), rule)) return []
    return [`${path}: expected ${expected}, got ${typeof plain === 'number' ? plain : JSON.stringify(plain)}`]
  }
  if (typeof expected === 'boolean')
    return plain === expected || plain === Number(expected)
      ? []
      : [`${path}: expected ${expected}, got ${JSON.stringify(plain)}`]
  if (Array.isArray(expected)) {
    if (!Array.isArray(plain)) return [`${path}: expected a list, got ${JSON.stringify(plain)}`]
    if (plain.length !== expected.length) return [`${path}: expected ${expected.length} entries, got ${plain.length}`]
    const parts = expected.map((entry, i) => compareValues(plain[i], entry, rule, `${path}[${i}]`))
    return (await Promise.all(parts)).flat()
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof plain !== 'object' || plain === null)
      return [`${path}: expected an object, got ${JSON.stringify(plain)}`]
    const fields = plain as Record<string, unknown>
    const parts = Object.entries(expected).map(([key, entry]) =>
      compareValues(fields[key], entry, tolerance, `${path}.${key}`),
    )
    return (await Promise.all(parts)).flat()
  }
  return plain === expected || (expected === null && plain === undefined)
    ? []
    : [`${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(plain)}`]
}

const isNonFinite = (expected: unknown, got: unknown): boolean =>
  typeof got === 'number' && (expected === 'NaN' || expected === 'Infinity' || expected === '-Infinity')
