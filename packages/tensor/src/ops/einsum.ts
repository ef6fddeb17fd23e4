import { type DType, isFloat, promote } from '../dtype.ts'
import { binary, cast, contract, reduce } from '../primitive.ts'
import { checkShape, contiguousStrides, sizeOf } from '../shape.ts'
import type { Tensor, TensorLike } from '../tensor.ts'
import { variadic, widened } from './internal/arguments.ts'
import { type EinsumEquation, parseEquation } from './internal/einsum-equation.ts'
import { permuteView, reshapeView, stridedView } from './internal/views.ts'

const op = 'einsum'

/** A tensor whose dims have names, each once. */
interface Term {
  readonly x: Tensor
  readonly labels: readonly string[]
}

/**
 * Sums of products in Einstein's notation: `einsum('bij,bjk->bik', a, b)`.
 *
 * Each letter names a dim, spaces do not count. A letter repeated in one operand takes the diagonal; letters that the
 * output lacks are summed; `...` stands for dims that are broadcast. Without `->` the output has the dims of `...`
 * and then the letters that occur once, in alphabetical order. Several operands are contracted two at a time, in the
 * order of least intermediate size, each pair by one batched matrix product. Dtypes as in `matmul`.
 *
 * @param equation subscripts of the operands, separated by commas, and optionally `->` and those of the output
 * @param args as many tensors, one by one or in one list
 * @throws {SurprisalError} `shape` when a letter has two sizes or a rank does not fit, `argument` for a bad equation
 */
export function einsum(equation: string, ...args: readonly (TensorLike | readonly TensorLike[] | object)[]): Tensor {
  const [tensors] = variadic<object>(op, args)
  const parsed = parseEquation(
    equation,
    tensors.map(x => x.shape),
  )
  const { output, sizes } = parsed
  const shape = output.map(label => sizes.get(label) as number)
  checkShape(op, shape)
  const dtype = tensors.reduce<DType>((sum, x) => promote(sum, x.dtype), tensors[0].dtype)
  const computed = dtype === 'float16' ? 'float32' : dtype
  const terms = tensors.map((x, i) => operandTerm(cast(op, x, computed), parsed.inputs[i], parsed))
  const { x, labels } = contractAll(terms, output)
  const arranged = permuteView(
    op,
    x,
    output.map(label => labels.indexOf(label)),
  )
  return cast(op, arranged, dtype === 'float16' ? 'float16' : arranged.dtype)
}

/** Takes diagonals of repeated letters and drops the dims of size 1 that are broadcast. */
function operandTerm(x: Tensor, dims: readonly string[], { sizes }: EinsumEquation): Term {
  const own = contiguousStrides(x.shape)
  const labels = [...new Set(dims)].filter(label => x.shape[dims.indexOf(label)] === sizes.get(label))
  const strides = labels.map(label => own.reduce((sum, stride, d) => (dims[d] === label ? sum + stride : sum), 0))
  const shape = labels.map(label => sizes.get(label) as number)
  return { x: stridedView(op, x, shape, strides), labels }
}

function contractAll(operands: readonly Term[], output: readonly string[]): Term {
  let terms = operands.map((term, i) => sumUnneeded(term, neededBesides(operands, [i], output)))
  while (terms.length > 1) {
    const [a, b] = cheapestPair(terms, output)
    const merged = contractPair(terms[a], terms[b], neededBesides(terms, [a, b], output))
    terms = [...terms.filter((_, i) => i !== a && i !== b), merged]
  }
  return terms[0]
}

/** Labels that the output or any other term has. */
function neededBesides(terms: readonly Term[], without: readonly number[], output: readonly string[]): Set<string> {
  return new Set([...output, ...terms.flatMap((term, i) => (without.includes(i) ? [] : term.labels))])
}

function sumUnneeded({ x, labels }: Term, needed: ReadonlySet<string>): Term {
  const dims = [...labels.keys()].filter(d => !needed.has(labels[d]))
  if (dims.length === 0) return { x, labels }
  return {
    x: reduce(op, 'sum', cast(op, x, widened(x.dtype)), dims),
    labels: labels.filter((_, d) => !dims.includes(d)),
  }
}

/** The pair with the smallest result, the first one among equals. */
function cheapestPair(terms: readonly Term[], output: readonly string[]): [number, number] {
  let best: [number, number] = [0, 1]
  let least = Number.POSITIVE_INFINITY
  for (let a = 0; a < terms.length; a++)
    for (let b = a + 1; b < terms.length; b++) {
      const needed = neededBesides(terms, [a, b], output)
      const kept = new Map(
        [terms[a], terms[b]].flatMap(({ x, labels }) => labels.map((label, d) => [label, x.shape[d]])),
      )
      let size = 1
      for (const [label, dim] of kept) if (needed.has(label)) size *= dim
      if (size < least) {
        least = size
        best = [a, b]
      }
    }
  return best
}

function contractPair(a: Term, b: Term, needed: ReadonlySet<string>): Term {
  const shared = a.labels.filter(label => b.labels.includes(label))
  const batch = shared.filter(label => needed.has(label))
  const inner = shared.filter(label => !needed.has(label))
  const rows = a.labels.filter(label => !shared.includes(label))
  const columns = b.labels.filter(label => !shared.includes(label))
  const sizes = [...dimsOf(a, [...batch, ...rows]), ...dimsOf(b, columns)]
  const labels = [...batch, ...rows, ...columns]
  const x = grouped(a, batch, rows, inner)
  const y = grouped(b, batch, inner, columns)
  const dtype = promote(x.dtype, y.dtype)
  const computed = dtype === 'bool' ? 'int32' : dtype
  if (inner.length > 0)
    return { x: reshapeView(op, contract(op, cast(op, x, computed), cast(op, y, computed)), sizes), labels }
  const exact = isFloat(dtype) ? dtype : 'int32'
  return { x: reshapeView(op, binary(op, 'mul', cast(op, x, exact), cast(op, y, exact)), sizes), labels }
}

const dimsOf = ({ x, labels }: Term, wanted: readonly string[]): number[] =>
  wanted.map(label => x.shape[labels.indexOf(label)])

/** The term as a tensor of rank 3, its dims joined by groups. */
function grouped(term: Term, ...groups: readonly (readonly string[])[]): Tensor {
  const order = groups.flat().map(label => term.labels.indexOf(label))
  const sizes = groups.map(group => sizeOf(dimsOf(term, group)))
  return reshapeView(op, permuteView(op, term.x, order), sizes)
}
