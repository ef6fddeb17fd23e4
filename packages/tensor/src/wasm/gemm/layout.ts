import type { Code } from '../code.ts'
import { statusBytes, wordsAt } from '../lowered.ts'
import { parameters, WordLayout } from './block.ts'

/** Words of a product's phases; sizes and strides of memory in bytes. */
export const layout = new WordLayout(
  [
    'rows',
    /** Columns of the phase's part of b. */
    'columns',
    /** Where in the depth the phase begins and ends. */
    'firstDepth',
    'depth',
    /** Steps of depth in one packed block. */
    'depthBlock',
    /** Rows in one packed block. */
    'rowBlock',
    /** Rows and columns of one unit, and how many units they make in one entry of the batch. */
    'unitRows',
    'unitColumns',
    'rowUnits',
    'columnUnits',
    /** Where in the batch and in the columns the phase begins. */
    'firstEntry',
    'firstColumn',
    /** Bytes between rows, columns and entries of the result, and of an entry of packed b. */
    'rowBytes',
    'columnBytes',
    'entryBytes',
    'packedBytes',
    /** Columns, or steps of depth, that are neighbours in memory; the same of the operand with few lines. */
    'runLength',
    'fewRunLength',
    /** Where in the workspace the result stands, if it stands there. */
    'outPlace',
    /** Columns of the whole result. */
    'outColumns',
    /** Not 0: a unit keeps all of its rows until the last block of depth. */
    'keepsRows',
    /** Not 0: the product is added to what the result's memory holds. */
    'accumulate',
    'aOffset',
    'bOffset',
    /** Where in scratch memory the tables and panels stand; a tile at the result's edge stands at 0. */
    'aLines',
    'aSteps',
    'aPanels',
    'bLines',
    'bSteps',
    'bPanels',
    /** Sums that a unit keeps in scratch memory. */
    'sums',
  ],
  ['aBatch', 'aLine', 'aDepth', 'bBatch', 'bLine', 'bDepth'],
)

/** Numbers of a phase that makes the whole product and leaves it where it belongs. */
export const wholeProduct = {
  firstEntry: 0,
  firstColumn: 0,
  firstDepth: 0,
  packedBytes: 0,
  outPlace: 0,
  keepsRows: 0,
  runLength: 0,
  fewRunLength: 0,
  sums: 0,
} as const

export type ProductName = (typeof layout.names)[number]
export type ProductList = (typeof layout.lists)[number]

/** Where in a kernel's block the pointers and words of a product are. */
export interface BlockPlan {
  /** Numbers of the buffers; a product without one for its result leaves it in the workspace. */
  readonly a: number
  readonly b: number
  readonly out: number | null
  readonly buffers: number
  readonly scalars: number
  /** Words that stand before those of the product. */
  readonly wordsBefore: number
}

/** The block of a product by itself: buffers a, b and out. */
export const productAlone: BlockPlan = { a: 0, b: 1, out: 2, buffers: 3, scalars: 0, wordsBefore: 0 }

/** The code of a product's phase and its way to what stands in the block. */
export class ProductBlock {
  readonly code: Code
  readonly #plan: BlockPlan
  readonly #words: number

  constructor(code: Code, plan: BlockPlan) {
    this.code = code
    this.#plan = plan
    this.#words = wordsAt(plan.buffers, plan.scalars) + 4 * plan.wordsBefore
  }

  /** Puts a number on the stack. */
  get(name: ProductName): Code {
    return this.code.get(parameters.args).memory('i32.load', this.#words + layout.place(name))
  }

  /** Puts the address of a list on the stack. */
  list(name: ProductList): Code {
    this.code.get(parameters.args).memory('i32.load', this.#words + layout.place(name))
    return this.code.get(parameters.args).op('i32.add').i32(this.#words).op('i32.add')
  }

  /** Puts the pointer to a buffer or to the workspace on the stack. */
  pointer(name: 'a' | 'b' | 'out' | 'workspace'): Code {
    const { out, buffers } = this.#plan
    const load = (number: number) => this.code.get(parameters.args).memory('i32.load', statusBytes + number * 4)
    if (name === 'workspace') return load(buffers)
    if (name !== 'out') return load(this.#plan[name])
    if (out !== null) return load(out)
    load(buffers)
    return this.get('outPlace').op('i32.add')
  }
}
