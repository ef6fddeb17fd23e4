type RowArray = Float32Array | Int8Array | Int32Array

/** Appends values to rows of which `used` elements are in use, growing by half so that many small adds stay linear. */
export function appendRows<T extends RowArray>(rows: T, used: number, values: T): T {
  const needed = used + values.length
  let target = rows
  if (needed > rows.length) {
    const Rows = rows.constructor as new (length: number) => T
    target = new Rows(used === 0 ? needed : Math.max(needed, used + (used >> 1)))
    target.set(rows.subarray(0, used))
  }
  target.set(values, used)
  return target
}

/** A new array with only the kept rows of `width` elements; the old one may be a view on a file and stays as it is. */
export function keepRows<T extends RowArray>(rows: T, width: number, kept: Int32Array): T {
  const Rows = rows.constructor as new (length: number) => T
  const target = new Rows(kept.length * width)
  for (let i = 0; i < kept.length; i++) {
    target.set(rows.subarray(kept[i] * width, (kept[i] + 1) * width), i * width)
  }
  return target
}
