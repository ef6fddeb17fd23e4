/** Appends an unsigned integer below 2^32 in LEB128. */
export function pushUnsigned(bytes: number[], value: number): void {
  let rest = value >>> 0
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  bytes.push(rest)
}

/** Appends a signed integer of up to 64 bits in LEB128. */
export function pushSigned(bytes: number[], value: number | bigint): void {
  let rest = BigInt(value)
  for (;;) {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    if (rest === (low & 0x40 ? -1n : 0n)) {
      bytes.push(low)
      return
    }
    bytes.push(low | 0x80)
  }
}
