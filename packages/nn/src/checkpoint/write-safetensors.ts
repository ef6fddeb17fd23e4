import { type DType, type HostArray, realize, SurprisalError, type Tensor, type TensorLike } from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'
import { numberToHalf, storedNames, storedTypes } from './dtypes.ts'

const widthOf = (dtype: DType): number => storedTypes.get(storedNames[dtype])?.bytes as number

/** Writes the elements as the format stores them; typed arrays are little-endian wherever JavaScript runs fast. */
function writeElements(file: Uint8Array, at: number, data: HostArray, dtype: DType): void {
  if (dtype === 'float16') {
    const view = new DataView(file.buffer, at)
    for (let i = 0; i < data.length; i++) view.setUint16(i * 2, numberToHalf(data[i]), true)
  } else file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
}

/** The tensors to write, each once, widest dtypes first and then by name. */
function ordered(tensors: Readonly<Record<string, TensorLike>>): [string, Tensor][] {
  const written = new Set<Tensor>()
  const distinct = Object.entries(tensors).flatMap(([name, given]): [string, Tensor][] => {
    if (name === '__metadata__')
      throw new SurprisalError('argument', 'writeSafetensors: tensors must not be named __metadata__')
    requireTensor('writeSafetensors', name, given)
    const value = 'value' in given ? given.value : given
    if (written.has(value)) return []
    written.add(value)
    return [[name, value]]
  })
  return distinct.sort(([a, x], [b, y]) => widthOf(y.dtype) - widthOf(x.dtype) || (a < b ? -1 : 1))
}

/**
 * A safetensors file. Entries are ordered by descending width of their dtype, then by name; a tensor under two names
 * is written once, under the first.
 * @param tensors float32, float16, int32, uint8, int8 or bool
 * @param metadata strings kept in the header
 * @throws {SurprisalError} `argument` for the name `__metadata__` or metadata that is no string
 */
export async function writeSafetensors(
  tensors: Readonly<Record<string, TensorLike>>,
  { metadata = {} }: { metadata?: Readonly<Record<string, string>> } = {},
): Promise<Uint8Array> {
  for (const [key, value] of Object.entries(metadata))
    if (typeof value !== 'string')
      throw new SurprisalError(
        'argument',
        `writeSafetensors: metadata must hold strings, got ${typeof value} at ${key}`,
      )
  const entries = ordered(tensors)
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [['__metadata__', metadata]] : []
  const places: number[] = []
  let size = 0
  for (const [name, { dtype, shape, size: elements }] of entries) {
    const end = size + elements * widthOf(dtype)
    header.push([name, { dtype: storedNames[dtype], shape, data_offsets: [size, end] }])
    places.push(size)
    size = end
  }
  const text = `{${header.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join(',')}}`
  const json = new TextEncoder().encode(text)
  const length = Math.ceil(json.length / 8) * 8
  const file = new Uint8Array(8 + length + size).fill(0x20, 8 + json.length, 8 + length)
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true)
  file.set(json, 8)
  await realize(entries.map(([, value]) => value))
  for (const [i, [, value]] of entries.entries())
    writeElements(file, 8 + length + places[i], await value.data(), value.dtype)
  return file
}
