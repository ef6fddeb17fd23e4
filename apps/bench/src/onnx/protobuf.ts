/** Writes the wire format of protocol buffers: the few kinds of fields that an ONNX model is made of. */
export class MessageWriter {
  readonly #bytes: number[] = []

  /** A whole number from 0, or a negative one in two's complement of 64 bits. */
  integer(field: number, value: number | bigint): this {
    this.#tag(field, 0)
    this.#varint(BigInt.asUintN(64, BigInt(value)))
    return this
  }

  /** A float of 32 bits. */
  float(field: number, value: number): this {
    this.#tag(field, 5)
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setFloat32(0, value, true)
    this.#bytes.push(...bytes)
    return this
  }

  text(field: number, value: string): this {
    return this.#lengthDelimited(field, new TextEncoder().encode(value))
  }

  message(field: number, value: MessageWriter): this {
    return this.#lengthDelimited(field, value.#bytes)
  }

  /** The bytes so far. */
  finish(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes)
  }

  #lengthDelimited(field: number, bytes: Iterable<number> & { readonly length: number }): this {
    this.#tag(field, 2)
    this.#varint(BigInt(bytes.length))
    this.#bytes.push(...bytes)
    return this
  }

  #tag(field: number, wireType: number): void {
    this.#varint(BigInt(field * 8 + wireType))
  }

  #varint(value: bigint): void {
    let rest = value
    for (; rest >= 128n; rest >>= 7n) this.#bytes.push(Number(rest & 127n) | 128)
    this.#bytes.push(Number(rest))
  }
}
