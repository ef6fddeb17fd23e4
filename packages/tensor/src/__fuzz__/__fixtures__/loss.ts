import { isFloat, roundToHalf } from '../../dtype.ts'
import { type Shape, sizeOf } from '../../shape.ts'
import type { Tensor } from '../../tensor.ts'
import { ref } from './draft.ts'
import { withoutDeadItems } from './print.ts'
import { build, type Call, type Item, inputsOf, type Leaf, type Program } from './program.ts'

/** A program that ends in a scalar and its gradients. */
export interface Differentiated {
  /** Its outputs are the loss and the gradients, in that order. */
  readonly program: Program
  /** The number of the scalar. */
  readonly loss: number
  /** Numbers of the float leaves that the loss depends on. */
  readonly leaves: readonly number[]
  /** Numbers of the gradients towards them. */
  readonly gradients: readonly number[]
}

/** A number in [-1, 1) that depends on two others only (Murmur's finaliser; Appleby, 2011). */
export function noise(a: number, b: number): number {
  let x = Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1
}

/** The program with every float leaf moved off the grid and made finite, so that ties and kinks are rare. */
export function generic(program: Program): Program {
  const moved = ({ values, dtype }: Leaf, at: number) => {
    const round = dtype === 'float16' ? roundToHalf : Math.fround
    return values.map(list => list.map((x, i) => round((Number.isFinite(x) ? x : 0.5) + noise(at, i) / 16)))
  }
  const items = program.items.map((item, at) =>
    item.kind === 'leaf' && isFloat(item.dtype) ? { ...item, values: moved(item, at) } : item,
  )
  return { ...program, items }
}

/** Multiples of 1/8 from 1/2 to 3/2 of either sign, one for each element of an output. */
function weights(shape: Shape, output: number, rounds: number): Leaf {
  const list = Array.from({ length: sizeOf(shape) }, (_, i) => {
    const x = noise(output, i)
    return Math.sign(x) * (0.5 + Math.round(8 * Math.abs(x)) / 8)
  })
  return { kind: 'leaf', shape, dtype: 'float32', values: Array.from({ length: rounds }, () => list) }
}

function ancestors(items: readonly Item[], value: number): Set<number> {
  const seen = new Set([value])
  for (let i = value; i >= 0; i--) if (seen.has(i)) for (const input of inputsOf(items[i])) seen.add(input)
  return seen
}

/** A program that grows at its end. */
class Extension {
  readonly items: Item[]

  constructor(items: readonly Item[]) {
    this.items = [...items]
  }

  add(item: Item): number {
    return this.items.push(item) - 1
  }

  call(name: string, args: readonly unknown[], pick: Call['pick'] = null): number {
    return this.add({ kind: 'call', name, args, pick })
  }

  /** The sum of scalars, of which there is one at least. */
  total(terms: readonly number[]): number {
    return terms.reduce((a, b) => this.call('add', [ref(a), ref(b)]))
  }

  gradients(loss: number, leaves: readonly number[]): number[] {
    return leaves.map((_, pick) => this.call('gradients', [ref(loss), leaves.map(ref)], pick))
  }
}

/** Shapes and dtypes of all values; nothing is computed. */
function typesOf({ items }: Program): Pick<Tensor, 'shape' | 'dtype'>[] {
  const tensors: Tensor[] = []
  for (const item of items) tensors.push(build(item, tensors, 0))
  const types = tensors.map(({ shape, dtype }) => ({ shape, dtype }))
  for (const t of tensors) t.dispose()
  return types
}

function partsOf(program: Program): Differentiated {
  const [loss, ...gradients] = program.outputs
  const [, ...leaves] = inputsOf(program.items[gradients[0]])
  return { program, loss, leaves, gradients }
}

/**
 * The program continued by a weighted sum of all elements of its float outputs and by the gradients of that scalar
 * towards the float leaves; of order 2, by the squared norm of these gradients and the gradients of that.
 * @returns null where no float leaf leads to a float output
 */
export function differentiated(program: Program, order: 1 | 2): Differentiated | null {
  const types = typesOf(program)
  const extension = new Extension(program.items)
  const single = (value: number) => ref(extension.call('cast', [ref(value), 'float32']))
  const wanted = [...new Set([...program.outputs, ...program.reads])].filter(
    value => isFloat(types[value].dtype) && sizeOf(types[value].shape) > 0,
  )
  if (wanted.length === 0) return null
  const terms = wanted.map((value, at) => {
    const factors = extension.add(weights(types[value].shape, at, program.rounds))
    return extension.call('sum', [ref(extension.call('mul', [single(value), ref(factors)]))])
  })
  let loss = extension.total(terms)
  const used = ancestors(extension.items, loss)
  const leaves = program.items.flatMap((item, at) =>
    item.kind === 'leaf' && isFloat(item.dtype) && sizeOf(item.shape) > 0 && used.has(at) ? [at] : [],
  )
  if (leaves.length === 0) return null
  let gradients = extension.gradients(loss, leaves)
  if (order === 2) {
    loss = extension.total(gradients.map(g => extension.call('sum', [ref(extension.call('square', [single(g)]))])))
    gradients = extension.gradients(loss, leaves)
  }
  return partsOf(withoutDeadItems({ ...program, items: extension.items, outputs: [loss, ...gradients] }))
}
