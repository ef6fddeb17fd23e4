import { SurprisalError } from '@surprisal/tensor'

/** Rows of equal length, the shorter ones padded on the left. */
export interface Prompts {
  readonly rows: readonly (readonly number[])[]
  readonly length: number
  /** Row by row. */
  readonly ids: Int32Array<ArrayBuffer>
  /** 1 for tokens, 0 for padding. */
  readonly mask: Int32Array<ArrayBuffer>
}

/**
 * Pads prompts on the left, so that all end where the model goes on.
 * @throws {SurprisalError} `argument` for no prompts, an empty one, or an id that is none
 */
export function padPrompts(op: string, rows: readonly (readonly number[])[], padTokenId: number): Prompts {
  if (rows.length === 0) throw new SurprisalError('argument', `${op}: prompts must not be empty`)
  rows.forEach((row, i) => {
    if (row.length === 0)
      throw new SurprisalError('argument', `${op}: prompt ${i} must have a token to go on from, got none`)
    const wrong = row.find(id => !Number.isInteger(id) || id < 0)
    if (wrong !== undefined)
      throw new SurprisalError('argument', `${op}: prompt ${i} must hold token ids, got ${wrong}`)
  })
  const length = Math.max(...rows.map(row => row.length))
  const ids = new Int32Array(rows.length * length).fill(padTokenId)
  const mask = new Int32Array(rows.length * length)
  rows.forEach((row, i) => {
    const start = (i + 1) * length - row.length
    ids.set(row, start)
    mask.fill(1, start, start + row.length)
  })
  return { rows, length, ids, mask }
}
