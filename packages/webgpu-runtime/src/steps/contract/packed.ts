import type { Params } from '../../wgsl/params.ts'
import type { Binder } from '../binder.ts'
import { type Fetch, fetchOf, isFour, operandText } from './operand.ts'
import type { Product, ProductOperand } from './product.ts'

/** The feature of the shader language that has sums of four products of int8. */
const feature = 'packed_4x8_integer_dot_product'

/** Whether a product is summed four steps of depth at a time, each operand giving a word of four int8. */
export const isPacked = ({ a, b, dtype }: Product, features?: ReadonlySet<string>): boolean =>
  a.dtype === 'int8' && b.dtype === 'int8' && dtype === 'int32' && features?.has(feature) === true

/** Words of four steps of depth; what is missing in the last one counts as zeros. */
export const packedDepth = (depth: number): number => Math.ceil(depth / 4)

/**
 * As {@link operandText}, with `<name>Four(base, k)`: steps `4 * k` to `4 * k + 3` of the line at `base`, in a word. One
 * load where they lie in one, four otherwise.
 */
export function packedText(
  params: Params,
  binder: Binder,
  name: string,
  operand: ProductOperand,
  depth: number,
): string {
  const { offset, batch, line, depth: along } = operand.access
  const head = `fn ${name}Four(base: u32, k: u32) -> u32 {`
  const text = operandText(params, binder, name, operand, false)
  if (isFour(along, [batch, line], offset))
    return `${text}\n${head} return ${name}[(base + ${name}Depth(k * 4u)) >> 2u]; }`
  const size = params.word(depth)
  const steps = [0, 1, 2, 3].map(i => `${name}Step(base, k * 4u + ${i}u)`)
  return [
    text,
    `fn ${name}Step(base: u32, k: u32) -> i32 { return select(0, ${name}At(base + ${name}Depth(min(k, ${size} - 1u))), k < ${size}); }`,
    `${head} return pack4xI8(vec4<i32>(${steps.join(', ')})); }`,
  ].join('\n')
}

/** How packed words of an operand are fetched: those of four lines at once, or one by one. */
export function packedFetch(operand: ProductOperand): Exclude<Fetch, 'depths'> {
  const fetch = fetchOf(operand, true)
  return fetch === 'depths' ? 'depth' : fetch
}

/**
 * As {@link operandText}, for an operand that is fetched by `lines`, with `<name>Fours(base, k)`: steps `4 * k` to
 * `4 * k + 3` of the four lines from `base` on, a word for each, by one load for each step.
 */
export function packedLinesText(
  params: Params,
  binder: Binder,
  name: string,
  operand: ProductOperand,
  depth: number,
): string {
  const size = params.word(depth)
  const steps = [0, 1, 2, 3].map(i => `${name}Step(base, k * 4u + ${i}u)`)
  const bytes = steps.map((step, i) => `(((${step} >> shift) & byte) << vec4<u32>(${8 * i}u))`)
  return `${operandText(params, binder, name, operand, false)}
fn ${name}Step(base: u32, k: u32) -> vec4<u32> {
  return vec4<u32>(select(0u, ${name}[(base + ${name}Depth(min(k, ${size} - 1u))) >> 2u], k < ${size}));
}
fn ${name}Fours(base: u32, k: u32) -> vec4<u32> {
  let shift = vec4<u32>(0u, 8u, 16u, 24u);
  let byte = vec4<u32>(0xffu);
  return ${bytes.join(' | ')};
}`
}

/** Products of a word with four others. */
export const packedProducts = `fn packedProducts(x: u32, y: vec4<u32>) -> vec4<i32> {
  return vec4<i32>(dot4I8Packed(x, y.x), dot4I8Packed(x, y.y), dot4I8Packed(x, y.z), dot4I8Packed(x, y.w));
}`
