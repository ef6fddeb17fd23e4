import { SurprisalError } from '../../error.ts'
import { type Shape, shapeText } from '../../shape.ts'

/** An equation with the ellipsis written out: one label per dim. */
export interface EinsumEquation {
  readonly inputs: readonly (readonly string[])[]
  readonly output: readonly string[]
  readonly sizes: ReadonlyMap<string, number>
}

const fail = (code: 'argument' | 'shape', message: string): SurprisalError =>
  new SurprisalError(code, `einsum: ${message}`)

/** Labels of broadcast dims; they count from the last one, as broadcasting does. */
const isEllipsis = (label: string): boolean => label.startsWith('.')
const ellipsisLabels = (rank: number): string[] => Array.from({ length: rank }, (_, i) => `.${rank - i}`)

/** The labels of one term for a tensor of `rank` dims (of an output: with `rank` ellipsis dims). */
function labelsOf(term: string, ellipsisRank: number): string[] {
  const match = /^([A-Za-z]*)(\.\.\.)?([A-Za-z]*)$/.exec(term)
  if (!match) throw fail('argument', `subscripts must be letters and at most one '...', got '${term}'`)
  return [...match[1], ...(match[2] ? ellipsisLabels(ellipsisRank) : []), ...match[3]]
}

function labelsOfInput(term: string, shape: Shape): string[] {
  const letters = term.replace('...', '').length
  const rank = shape.length - letters
  if (rank < 0 || (rank > 0 && !term.includes('...')))
    throw fail('shape', `subscripts '${term}' do not fit shape ${shapeText(shape)}`)
  return labelsOf(term, rank)
}

function collectSizes(inputs: readonly (readonly string[])[], shapes: readonly Shape[]): Map<string, number> {
  const sizes = new Map<string, number>()
  inputs.forEach((labels, at) => {
    labels.forEach((label, d) => {
      const known = sizes.get(label)
      const size = shapes[at][d]
      const stretches = isEllipsis(label) && (known === 1 || size === 1)
      if (known === undefined || (stretches && known === 1)) sizes.set(label, size)
      else if (known !== size && !stretches)
        throw fail('shape', `subscript '${isEllipsis(label) ? '...' : label}' has sizes ${known} and ${size}`)
    })
  })
  return sizes
}

function implicitOutput(inputs: readonly (readonly string[])[], ellipsis: readonly string[]): string[] {
  const all = inputs.flat()
  const once = [...new Set(all)].filter(label => !isEllipsis(label) && all.indexOf(label) === all.lastIndexOf(label))
  return [...ellipsis, ...once.sort()]
}

/** Reads an equation for operands of given shapes. */
export function parseEquation(equation: string, shapes: readonly Shape[]): EinsumEquation {
  if (typeof equation !== 'string') throw fail('argument', `equation must be a string, got ${typeof equation}`)
  const [left, right, ...more] = equation.replace(/\s/g, '').split('->')
  if (more.length > 0) throw fail('argument', `equation must have one '->', got '${equation}'`)
  const terms = left.split(',')
  if (terms.length !== shapes.length)
    throw fail('argument', `equation has ${terms.length} inputs, got ${shapes.length} tensors`)
  const inputs = terms.map((term, i) => labelsOfInput(term, shapes[i]))
  const sizes = collectSizes(inputs, shapes)
  const ellipsis = ellipsisLabels([...sizes.keys()].filter(isEllipsis).length)
  const output = right === undefined ? implicitOutput(inputs, ellipsis) : labelsOf(right, ellipsis.length)
  for (const label of output) {
    if (!sizes.has(label)) throw fail('argument', `output subscript '${label}' is in no input`)
    if (output.indexOf(label) !== output.lastIndexOf(label))
      throw fail('argument', `output subscript '${label}' repeats`)
  }
  return { inputs, output, sizes }
}
