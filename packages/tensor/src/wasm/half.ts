const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

/** The value of a 16-bit pattern. */
export function floatFromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 31
  const fraction = half & 1023
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25))
}

/** The 16-bit pattern of a value that has one (see `roundToHalf`). */
export function halfFromFloat(value: number): number {
  float[0] = value
  const pattern = bits[0]
  const sign = (pattern >>> 16) & 0x8000
  const magnitude = pattern & 0x7fffffff
  if (magnitude > 0x7f800000) return 0x7e00
  if (magnitude === 0x7f800000) return sign | 0x7c00
  if (magnitude < 0x38800000) return sign | (Math.abs(value) * 2 ** 24)
  return sign | ((magnitude - 0x38000000) >>> 13)
}
