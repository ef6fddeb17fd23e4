import { type DType, isFloat, roundToHalf } from '../../dtype.ts'
import type { Draw } from './draw.ts'

const specials = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 1e-40, 3e4, -1e-7]

/**
 * Mostly small multiples of 1/8, whose sums and products are exact in every order, so that both executors must agree
 * to the bit and ties stay ties; sometimes numbers with all their digits, and sometimes special ones among them.
 */
function floatDrawer(draw: Draw): () => number {
  const grid = () => draw.int(-32, 32) / 8
  const style = draw.int(0, 19)
  if (style < 13) return grid
  if (style < 18) return () => draw.int(-(2 ** 22), 2 ** 22) / 2 ** 20.3
  return () => (draw.chance(0.1) ? draw.pick(specials) : grid())
}

function integerDrawer(draw: Draw, low: number, high: number): () => number {
  const small = () => draw.int(Math.max(low, -8), 8)
  if (draw.chance(0.75)) return small
  const extremes = [low, low + 1, high - 1, high]
  return () => (draw.chance(0.4) ? draw.pick(extremes) : draw.chance(0.5) ? draw.int(low, high) : small())
}

function drawer(draw: Draw, dtype: DType): () => number {
  switch (dtype) {
    case 'float32':
    case 'float16':
      return floatDrawer(draw)
    case 'int32':
      return integerDrawer(draw, -(2 ** 31), 2 ** 31 - 1)
    case 'uint8':
      return integerDrawer(draw, 0, 255)
    case 'int8':
      return integerDrawer(draw, -128, 127)
    case 'bool':
      return () => draw.int(0, 1)
  }
}

/** `size` elements of a dtype. */
export function drawValues(draw: Draw, dtype: DType, size: number): number[] {
  const next = drawer(draw, dtype)
  const round = dtype === 'float16' ? roundToHalf : isFloat(dtype) ? Math.fround : (x: number) => x
  return Array.from({ length: size }, () => round(next()))
}
