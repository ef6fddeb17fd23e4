import { randomKey, threefry2x32 } from '@surprisal/tensor'

/** A list in an order that follows from the seed. */
export function shuffled<T>(list: readonly T[], seed: number): T[] {
  const key = randomKey(seed)
  const order = [...list]
  for (let i = order.length - 1; i > 0; i--) {
    const [bits] = threefry2x32(key, [0, i])
    const j = Math.floor((bits / 2 ** 32) * (i + 1))
    ;[order[i], order[j]] = [order[j], order[i]]
  }
  return order
}
