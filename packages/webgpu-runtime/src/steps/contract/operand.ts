import { type Dim, isFloat, positions } from '@surprisal/tensor/backend'
import { castExpression, elementOfFour, fourType, loadElement } from '../../wgsl/elements.ts'
import type { Params } from '../../wgsl/params.ts'
import type { Binder } from '../binder.ts'
import type { ProductOperand } from './product.ts'

/** How the elements of an operand are fetched: four lines or four steps of depth by one load, or one by one. */
export type Fetch = 'lines' | 'depths' | 'line' | 'depth'

/** Whether four neighbours of a group always stand in one aligned vector, or word, of the operand. */
export function isFour(along: readonly Dim[], across: readonly (readonly Dim[])[], offset: number): boolean {
  const last = along.at(-1)
  const outer = [...along.slice(0, -1), ...across.flat()]
  return last?.stride === 1 && last.size % 4 === 0 && offset % 4 === 0 && outer.every(({ stride }) => stride % 4 === 0)
}

/** The best way to fetch an operand. @param vectors whether by fours at all */
export function fetchOf({ access }: ProductOperand, vectors: boolean): Fetch {
  const { offset, batch, line, depth } = access
  const isEmpty = positions([...batch, ...line, ...depth]) === 0
  const fours = vectors && !isEmpty
  if (fours && isFour(line, [batch, depth], offset)) return 'lines'
  if (fours && isFour(depth, [batch, line], offset)) return 'depths'
  return depth.at(-1)?.stride === 1 ? 'depth' : 'line'
}

/** The type of a product's sums. */
export const sumType = (dtype: ProductOperand['dtype']): 'f32' | 'i32' => (isFloat(dtype) ? 'f32' : 'i32')

function offsetFunction(params: Params, name: string, dims: readonly Dim[], start = '0u'): string {
  const lines = [...dims].reverse().map(({ size, stride }, i) => {
    const outermost = i === dims.length - 1
    const coordinate = outermost ? 'rest' : `(rest % ${params.word(size)})`
    const step = `at += ${coordinate}${stride === 1 ? '' : ` * ${params.word(stride >>> 0)}`};`
    return outermost ? step : `${step} rest = rest / ${params.word(size)};`
  })
  return `fn ${name}(i: u32) -> u32 { var rest = i; var at = ${start}; ${lines.join(' ')} return at; }`
}

/**
 * Binds an operand as the variable `name` and declares what finds elements in it: `<name>Batch`, `<name>Line`,
 * `<name>Depth`, whose sum is the place of an element, and `<name>At`, which loads from a place: one element, or four.
 * @param fours whether it loads four
 */
export function operandText(
  params: Params,
  binder: Binder,
  name: string,
  { dtype, access, buffer }: ProductOperand,
  fours: boolean,
): string {
  const type = sumType(dtype)
  binder.read(buffer, name, fours ? fourType(dtype) : 'u32')
  const cast = (element: string): string => castExpression(dtype, type === 'f32' ? 'float32' : 'int32', element)
  const four = [0, 1, 2, 3].map(k => cast(elementOfFour(dtype, 'four', `${k}u`)))
  const load = fours
    ? `fn ${name}At(at: u32) -> vec4<${type}> { let four = ${name}[at >> 2u]; return vec4<${type}>(${four.join(', ')}); }`
    : `fn ${name}At(at: u32) -> ${type} { return ${cast(loadElement(dtype, name, 'at'))}; }`
  return [
    offsetFunction(params, `${name}Batch`, access.batch, params.word(access.offset >>> 0)),
    offsetFunction(params, `${name}Line`, access.line),
    offsetFunction(params, `${name}Depth`, access.depth),
    load,
  ].join('\n')
}
