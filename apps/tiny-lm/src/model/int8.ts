import { dequantizeAffine, quantizeAffine } from '@surprisal/quantization'
import type { Tensor } from '@surprisal/tensor'

const suffix = '_scale'

/** Whether a weight is a matrix of a layer; tables of embeddings and scales of norms stay as they are. */
const isLayer = (name: string, { shape }: Tensor): boolean => shape.length === 2 && name.includes('.layers.')

/** Weights of layers in 8 bits, with one scale for each row beside them. */
export function toInt8(tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  const entries = Object.entries(tensors).flatMap(([name, x]): [string, Tensor][] => {
    if (!isLayer(name, x)) return [[name, x]]
    const { codes, scale } = quantizeAffine(x, { scheme: 'symmetric', granularity: 'channel' })
    return [
      [name, codes.cast('int8')],
      [name + suffix, scale],
    ]
  })
  return Object.fromEntries(entries)
}

/** The weights that {@link toInt8} has rounded, as floats; others as they are. */
export function fromInt8(tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  const names = Object.keys(tensors).filter(
    name => !(name.endsWith(suffix) && name.slice(0, -suffix.length) in tensors),
  )
  const entries = names.map((name): [string, Tensor] => {
    const [codes, scale] = [tensors[name], tensors[name + suffix]]
    if (!scale) return [name, codes]
    return [name, dequantizeAffine(codes.cast('int32'), scale, null, { granularity: 'channel' })]
  })
  return Object.fromEntries(entries)
}
