/** The bytes of a safetensors file of any header, right or wrong. */
export function fileOf(header: unknown, data: ArrayLike<number> = [], length?: bigint): Uint8Array {
  const text = typeof header === 'string' ? header : JSON.stringify(header)
  return fileOfBytes(new TextEncoder().encode(text), data, length)
}

/** The same from the bytes of the header. */
export function fileOfBytes(json: Uint8Array, data: ArrayLike<number> = [], length?: bigint): Uint8Array {
  const file = new Uint8Array(8 + json.length + data.length)
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(json.length), true)
  file.set(json, 8)
  file.set(Array.from(data), 8 + json.length)
  return file
}

/** The bytes of a typed array. */
export const bytesOf = (array: ArrayBufferView): number[] =>
  Array.from(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
