import type { DType } from '../../dtype.ts'
import type { Epilogue } from '../../fusion/epilogue.ts'
import { layoutOf } from '../codegen/layout.ts'
import { lowerPointwise, type PointwisePhase } from '../codegen/pointwise.ts'
import { type Phase, wordsAt } from '../lowered.ts'
import { parameters } from './block.ts'
import { type BlockPlan, ProductBlock } from './layout.ts'
import type { FinishedBlock } from './multiply.ts'

/** An epilogue lowered: its code for parts of a product, and the block in which it shares its place with a product. */
export class EpilogueCode {
  /** Of a product that has no epilogue in its own code. */
  readonly plan: BlockPlan
  readonly key: string
  readonly #product: number
  readonly #phase: PointwisePhase

  constructor({ group, product }: Epilogue, operands: readonly [DType, DType]) {
    const count = group.buffers.length
    const { scalars } = group
    this.#phase = lowerPointwise(layoutOf({ ...group, buffers: [...group.buffers, ...operands] }))
    this.plan = { a: count, b: count + 1, out: null, buffers: count + 2, scalars, wordsBefore: 0 }
    this.key = `${this.#phase.key};product ${product}`
    this.#product = product
  }

  get words(): Int32Array {
    return this.#phase.words
  }

  /** Rough time of one element in nanoseconds. */
  get elementCost(): number {
    return this.#phase.unitCost
  }

  /** Writes what is done with a block that a unit of the product has finished. */
  finish(block: ProductBlock, { entry, row, rows, column, columns, at, rowBytes }: FinishedBlock): void {
    const { code } = block
    const [position, left, address, base] = Array.from({ length: 4 }, () => code.local('i32'))
    block.get('rows').get(entry).op('i32.mul').get(row).op('i32.add')
    block.get('outColumns').op('i32.mul').get(column).op('i32.add').set(position)
    code.get(rows).set(left).get(at).set(address)
    code.repeat(left, () => {
      code.get(position).tee(parameters.begin).get(columns).op('i32.add').set(parameters.end)
      // Where the product's first element would stand.
      code.get(address).get(position).i32(4).op('i32.mul').op('i32.sub').set(base)
      this.#phase.write(code, { buffer: this.#product, at: base })
      block.get('outColumns').get(position).op('i32.add').set(position)
      code.get(address).get(rowBytes).op('i32.add').set(address)
    })
  }

  /** The epilogue as a phase of its own, behind those that have left the product at a place of the workspace. */
  phase(outPlace: number): Phase {
    const { buffers, scalars } = this.plan
    const placeAt = wordsAt(buffers, scalars) + 4 * this.words.length
    return {
      key: `${this.key} behind a product`,
      write: code => {
        const at = code.local('i32')
        new ProductBlock(code, this.plan).pointer('workspace')
        code.get(parameters.args).memory('i32.load', placeAt).op('i32.add').set(at)
        this.#phase.write(code, { buffer: this.#product, at })
      },
      words: Int32Array.of(...this.words, outPlace),
      units: this.#phase.units,
      unitCost: this.#phase.unitCost,
      scratchBytes: 0,
    }
  }
}
