import type { DType } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import { type Node, nextWalk } from '../graph/node.ts'
import { type Shape, sameShape } from '../shape.ts'
import { nodeOf, Tensor } from '../tensor.ts'

/** What calls have in common that one trace serves: all but the values of tensors and numbers. */
export type Pattern =
  /** `same` is the place of the first argument that is the same tensor. */
  | { readonly kind: 'tensor'; readonly dtype: DType; readonly shape: Shape; readonly same: number }
  /** Beside tensors of integers a whole number and a fraction are different things. */
  | { readonly kind: 'number'; readonly whole: boolean }
  | { readonly kind: 'list'; readonly items: readonly Pattern[] }
  | { readonly kind: 'record'; readonly names: readonly string[]; readonly items: readonly Pattern[] }
  | { readonly kind: 'fixed'; readonly value: unknown }

/** The tensors and numbers among the arguments of a call, in the order in which they are met. */
export interface Arguments {
  readonly tensors: Tensor[]
  readonly nodes: Node[]
  readonly numbers: number[]
}

const isRecord = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * The pattern of the arguments of a call; those at the places `fixed` are part of it as they are.
 * @throws {SurprisalError} `argument` for an argument whose contents could change unnoticed
 */
export function patternOf(args: readonly unknown[], fixed: readonly number[]): Pattern[] {
  const walk = nextWalk()
  let tensors = 0
  const above: unknown[] = []
  const visit = (value: unknown): Pattern => {
    if (value instanceof Tensor) {
      const node = nodeOf(value, 'compile')
      if (node.visit !== walk) node.position = tensors
      node.visit = walk
      tensors += 1
      return { kind: 'tensor', dtype: node.dtype, shape: node.shape, same: node.position }
    }
    if (typeof value === 'number') return { kind: 'number', whole: Number.isInteger(value) }
    if (ArrayBuffer.isView(value))
      throw new SurprisalError('argument', 'compile: arguments must hold tensors in place of typed arrays')
    if (!Array.isArray(value) && !isRecord(value)) return { kind: 'fixed', value }
    if (above.includes(value)) throw new SurprisalError('argument', 'compile: an argument must not contain itself')
    above.push(value)
    const items = Object.values(value).map(visit)
    above.pop()
    return Array.isArray(value) ? { kind: 'list', items } : { kind: 'record', names: Object.keys(value), items }
  }
  return args.map((value, i) => (fixed.includes(i) ? { kind: 'fixed', value } : visit(value)))
}

let walk = 0

/** Whether `args` have a pattern; then `found` holds their tensors and numbers. */
export function matches(patterns: readonly Pattern[], args: readonly unknown[], found: Arguments): boolean {
  walk = nextWalk()
  found.tensors.length = 0
  found.nodes.length = 0
  found.numbers.length = 0
  return matchAll(patterns, args, found)
}

function matchAll(patterns: readonly Pattern[], values: readonly unknown[], found: Arguments): boolean {
  if (patterns.length !== values.length) return false
  for (let i = 0; i < patterns.length; i++) if (!matchOne(patterns[i], values[i], found)) return false
  return true
}

function matchOne(pattern: Pattern, value: unknown, found: Arguments): boolean {
  switch (pattern.kind) {
    case 'tensor': {
      if (!(value instanceof Tensor)) return false
      const node = nodeOf(value, 'compile')
      if (node.visit !== walk) node.position = found.nodes.length
      node.visit = walk
      if (node.position !== pattern.same) return false
      found.tensors.push(value)
      found.nodes.push(node)
      return node.dtype === pattern.dtype && sameShape(node.shape, pattern.shape)
    }
    case 'number':
      if (typeof value !== 'number' || Number.isInteger(value) !== pattern.whole) return false
      found.numbers.push(value)
      return true
    case 'list':
      return Array.isArray(value) && matchAll(pattern.items, value, found)
    case 'record': {
      if (!isRecord(value)) return false
      const names = Object.keys(value)
      if (names.length !== pattern.names.length) return false
      for (let i = 0; i < names.length; i++)
        if (names[i] !== pattern.names[i] || !matchOne(pattern.items[i], value[names[i]], found)) return false
      return true
    }
    case 'fixed':
      return Object.is(value, pattern.value)
  }
}

/** Arguments of a pattern, made of what stands for tensors and numbers, in their order. */
export function fill(patterns: readonly Pattern[], tensors: readonly Tensor[], numbers: readonly unknown[]): unknown[] {
  let tensor = 0
  let number = 0
  const make = (pattern: Pattern): unknown => {
    switch (pattern.kind) {
      case 'tensor':
        return tensors[tensor++]
      case 'number':
        return numbers[number++]
      case 'list':
        return pattern.items.map(make)
      case 'record':
        return Object.fromEntries(pattern.items.map((item, i) => [pattern.names[i], make(item)]))
      case 'fixed':
        return pattern.value
    }
  }
  return patterns.map(make)
}
