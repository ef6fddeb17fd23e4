/** Section of a wasm module: its number, its length, its bytes. */
const section = (id: number, bytes: readonly number[]): number[] => [id, ...unsigned(bytes.length), ...bytes]

/** LEB128 of a whole number from 0. */
export function unsigned(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return [...bytes, rest]
    bytes.push((rest & 127) | 128)
  }
}

/** What {@link wasmModule} makes a module of. */
export interface WasmFunction {
  /** Codes of the parameters and results: 127 is i32, 125 is f32. */
  readonly parameters: readonly number[]
  readonly results: readonly number[]
  /** Number of locals of 128 bits after the parameters. */
  readonly vectors: number
  /** Instructions, without the final end. */
  readonly code: readonly number[]
  /** Pages of 64 KiB of a memory of its own. */
  readonly pages?: number
}

/** A module whose only export, `run`, is one function. */
export function wasmModule({ parameters, results, vectors, code, pages = 0 }: WasmFunction): Uint8Array<ArrayBuffer> {
  const locals = vectors > 0 ? [1, ...unsigned(vectors), 123] : [0]
  const body = [...locals, ...code, 11]
  return Uint8Array.from([
    ...[0, 97, 115, 109, 1, 0, 0, 0],
    ...section(1, [1, 96, parameters.length, ...parameters, results.length, ...results]),
    ...section(3, [1, 0]),
    ...(pages > 0 ? section(5, [1, 0, ...unsigned(pages)]) : []),
    ...section(7, [1, 3, 114, 117, 110, 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ])
}
