import type { Access } from '@surprisal/tensor/backend'
import type { Params } from '../wgsl/params.ts'
import { Space } from '../wgsl/space.ts'

/** Ways through buffers over one shape, in which row-major numbers become coordinates. */
export class Walk {
  readonly #space: Space
  readonly #shape: readonly number[]
  readonly #accesses: readonly Access[]

  /**
   * @param shape of the numbers
   * @param accesses what {@link Walk.index} is asked for
   * @param dims that are asked for by {@link Walk.coordinate}
   */
  constructor(params: Params, shape: readonly number[], accesses: readonly Access[], dims: readonly number[] = []) {
    const single = dims.map((dim): Access => ({ strides: shape.map((_, d) => (d === dim ? 1 : 0)), offset: 0 }))
    this.#shape = shape
    this.#accesses = [...accesses, ...single]
    const instructions = this.#accesses.map(access => ({ kind: 'load', dtype: 'int32', buffer: 0, access }) as const)
    this.#space = new Space(
      { kind: 'pointwise', space: shape, reduced: [], buffers: ['int32'], instructions, scalars: 0, stores: [] },
      params,
    )
  }

  /** Statements that find the coordinates of a number. */
  coordinates(number: string): string[] {
    return this.#space.coordinates(number, null)
  }

  /** Where an access stands, as u32. */
  index(access: Access): string {
    return `(${this.#space.index(access, 0)})`
  }

  /** The coordinate along a dim, as u32. */
  coordinate(dim: number): string {
    if (this.#shape[dim] === 1) return '0u'
    const access = this.#accesses.findLast(({ strides }) => strides.every((s, d) => s === (d === dim ? 1 : 0)))
    return this.index(access as Access)
  }
}
