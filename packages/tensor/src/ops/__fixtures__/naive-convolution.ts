import { build, type Dense, read } from './test-arrays.ts'

/** Options of a convolution, one entry per spatial dim. */
export interface NaiveOptions {
  stride: number[]
  padding: number[]
  dilation: number[]
  groups: number
}

/** All multi-indices below `sizes`, in row-major order. */
export const indicesOf = (sizes: readonly number[]): number[][] =>
  sizes.reduce<number[][]>(
    (all, size) => all.flatMap(index => Array.from({ length: size }, (_, i) => [...index, i])),
    [[]],
  )

/** The formula of a convolution, term by term. */
export function naiveConvolution(x: Dense, weight: Dense, o: NaiveOptions): Dense {
  const [sizes, kernel] = [x.shape.slice(2), weight.shape.slice(2)]
  const channels = weight.shape[1]
  const perGroup = weight.shape[0] / o.groups
  const outputs = sizes.map(
    (n, d) => Math.floor((n + 2 * o.padding[d] - o.dilation[d] * (kernel[d] - 1) - 1) / o.stride[d]) + 1,
  )
  return build([x.shape[0], weight.shape[0], ...outputs], ([n, out, ...at]) => {
    let sum = 0
    for (const [c, ...place] of indicesOf([channels, ...kernel])) {
      const source = at.map((i, d) => i * o.stride[d] + place[d] * o.dilation[d] - o.padding[d])
      if (source.some((i, d) => i < 0 || i >= sizes[d])) continue
      const input = Math.floor(out / perGroup) * channels + c
      sum += read(weight, [out, c, ...place]) * read(x, [n, input, ...source])
    }
    return sum
  })
}

/** The formula of a transposed convolution: every element gives its multiple of the kernel. */
export function naiveTransposed(x: Dense, weight: Dense, o: NaiveOptions & { outputPadding: number[] }): Dense {
  const [sizes, kernel] = [x.shape.slice(2), weight.shape.slice(2)]
  const [inputs, perGroup] = weight.shape
  const result = sizes.map(
    (n, d) => (n - 1) * o.stride[d] - 2 * o.padding[d] + o.dilation[d] * (kernel[d] - 1) + o.outputPadding[d] + 1,
  )
  const shape = [x.shape[0], perGroup * o.groups, ...result]
  const sums = new Map<string, number>()
  for (const [n, c, ...at] of indicesOf(x.shape))
    for (const [k, ...place] of indicesOf([perGroup, ...kernel])) {
      const target = at.map((i, d) => i * o.stride[d] + place[d] * o.dilation[d] - o.padding[d])
      const out = Math.floor(c / (inputs / o.groups)) * perGroup + k
      const key = [n, out, ...target].join()
      const term = read(x, [n, c, ...at]) * read(weight, [c, k, ...place])
      sums.set(key, (sums.get(key) ?? 0) + term)
    }
  return build(shape, index => sums.get(index.join()) ?? 0)
}
