import { type DType, type Group, operandsOf, type Store, sizeOf } from '@surprisal/tensor/backend'
import { accumulatorFor, type TreeAccumulator } from './accumulator.ts'
import { type Bindings, type BindOptions, bindBuffers } from './bindings.ts'
import { castExpression, storeShared, wrapped } from './elements.ts'
import type { GroupKernel } from './group-kernel.ts'
import type { IndexCheck } from './index-checks.ts'
import { type Levels, levelsOf, statementsOf, type Writer } from './instruction.ts'
import { moduleOf } from './module.ts'
import { Params } from './params.ts'
import { Space } from './space.ts'
import { sharedMemory } from './tree.ts'

/** A reduction of a group, and what gathers its values. */
export interface Gathering {
  /** Number of the instruction, and of what it reduces. */
  readonly i: number
  readonly x: number
  readonly to: TreeAccumulator
}

/** How many results a group of reductions has, and of how many elements each. */
export function extentOf({ space, reduced }: Group): { readonly count: number; readonly length: number } {
  const isReduced = (_: number, d: number): boolean => reduced.includes(d)
  return {
    count: sizeOf(space.filter((size, d) => !isReduced(size, d))),
    length: sizeOf(space.filter(isReduced)),
  }
}

/** Writes the parts of kernels that reduce rows or columns. */
export class ReductionWriter {
  readonly params = new Params()
  readonly levels: Levels
  readonly space: Space
  readonly bindings: Bindings
  /** The expression of the number of elements of a row. */
  readonly length: string
  readonly #group: Group
  readonly #writer: Writer
  readonly #accumulators: TreeAccumulator[] = []

  constructor(
    group: Group,
    sizes: readonly number[],
    most: number,
    checks: readonly IndexCheck[],
    bind: BindOptions = {},
  ) {
    const { count, length } = extentOf(group)
    this.#group = group
    this.space = new Space(group, this.params)
    this.levels = levelsOf(group.instructions, this.space, operandsOf)
    const instructions = bind.onlyPerRow ? group.instructions.filter((_, i) => !this.levels[i].varies) : undefined
    this.bindings = bindBuffers(group, sizes, most, { atomic: true, instructions, status: checks.length > 0, ...bind })
    this.#writer = { group, params: this.params, space: this.space, bindings: this.bindings, checks, live: 'live' }
    this.params.setUnits(count)
    this.length = this.params.word(length)
  }

  /** The number of the last sweep. */
  get last(): number {
    return Math.max(...this.levels.map(({ level }) => level))
  }

  /** The row of an invocation, its lane among those of the row, and how far the row goes. */
  head(rows: number, rowGroup = 'group'): string[] {
    return [
      `let row = ${rowGroup} * ${rows}u + l % ${rows}u;`,
      `let lane = l / ${rows}u;`,
      'let live = row < p[0].x;',
      `let length = select(0u, ${this.length}, live);`,
      ...this.space.coordinates('row', 'kept'),
    ]
  }

  /** Statements of the values of a row that are known before a sweep. */
  perRow(level: number): string[] {
    return this.#group.instructions.flatMap((instruction, i) => {
      const { varies, level: own } = this.levels[i]
      return own === level && !varies && instruction.kind !== 'reduce' ? statementsOf(this.#writer, i) : []
    })
  }

  /** Statements of the values along a row that some need. */
  perElement(roots: readonly number[]): string[] {
    const needed = new Set<number>()
    const stack = [...roots]
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (needed.has(next) || !this.levels[next].varies) continue
      needed.add(next)
      stack.push(...operandsOf(this.#group.instructions[next]))
    }
    return [...needed].sort((a, b) => a - b).flatMap(i => statementsOf(this.#writer, i))
  }

  /** The reductions that a sweep feeds. */
  gatheringsOf(level: number): Gathering[] {
    const made = this.#group.instructions.flatMap((instruction, i) => {
      if (instruction.kind !== 'reduce' || this.levels[i].level !== level + 1) return []
      const { f, x } = instruction
      return [{ i, x, to: accumulatorFor(f, this.#dtype(x), `a${i}_`) }]
    })
    this.#accumulators.push(...made.map(({ to }) => to))
    return made
  }

  /** The result of a reduction as its dtype holds it. */
  result({ i, x, to: { types, result } }: Gathering): string {
    const dtype = this.#dtype(i)
    const isPosition = types.length === 2
    if (isPosition) return `let v${i} = ${result};`
    const from = types[0] === 'bool' ? 'bool' : this.#dtype(x)
    return `let v${i} = ${from === dtype ? wrapped(dtype, result) : castExpression(from, dtype, result)};`
  }

  /** Writes a value; words of packed elements belong to several invocations. */
  store({ value, buffer }: Store, at: string): string {
    return storeShared(this.#group.buffers[buffer], `b${buffer}`, `v${value}`, at)
  }

  /** Writes the values of which a row has one. */
  storeRows(): string[] {
    const stores = this.#group.stores.filter(({ each }) => each === 'row')
    if (stores.length === 0) return []
    return ['if (live && lane == 0u) {', ...stores.map(store => this.store(store, 'row')), '}']
  }

  kernel(lines: readonly string[], rows: number, lanes: number, groups: number): GroupKernel {
    const workgroup = rows * lanes
    const memory = lanes > 1 ? sharedMemory(this.#accumulators, workgroup) : ''
    return {
      wgsl: moduleOf(this.bindings, this.params, workgroup, lines, memory),
      bindings: this.bindings.kinds,
      storage: this.bindings.storage,
      params: this.params.block(),
      slots: this.params.slots,
      workgroup,
      groups,
    }
  }

  #dtype(i: number): DType {
    return this.#group.instructions[i].dtype
  }
}
