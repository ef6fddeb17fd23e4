import { bytesPerElement, type DType, isFloat } from '@surprisal/tensor/backend'

/** The type in which a value of a dtype is computed. Integers of 8 bits are held wrapped. */
export const typeOf = (dtype: DType): 'f32' | 'i32' | 'bool' =>
  isFloat(dtype) ? 'f32' : dtype === 'bool' ? 'bool' : 'i32'

/** The zero of a dtype. */
export const zeroOf = (dtype: DType): string => (isFloat(dtype) ? '0.0' : dtype === 'bool' ? 'false' : '0')

/** Elements in a word of memory. */
export const perWord = (dtype: DType): number => 4 / bytesPerElement[dtype]

/** The element at `index` (u32) of a buffer of words. */
export function loadElement(dtype: DType, buffer: string, index: string): string {
  const width = perWord(dtype)
  return elementOf(dtype, `${buffer}[${width === 1 ? index : `(${index}) >> ${width / 2}u`}]`, index)
}

/** The element number `index` (u32) of a buffer, out of the word in which it stands. */
function elementOf(dtype: DType, word: string, index: string): string {
  switch (dtype) {
    case 'float32':
      return `bitcast<f32>(${word})`
    case 'int32':
      return `bitcast<i32>(${word})`
    case 'float16':
      return `halfToFloat((${word} >> (((${index}) & 1u) * 16u)) & 0xffffu)`
    case 'int8':
      return `(bitcast<i32>(${word} << (24u - ((${index}) & 3u) * 8u)) >> 24u)`
    default: {
      const byte = `((${word} >> (((${index}) & 3u) * 8u)) & 0xffu)`
      return dtype === 'bool' ? `(${byte} != 0u)` : `i32${byte}`
    }
  }
}

/** The type of the words of four elements. */
export const fourType = (dtype: DType): string => (perWord(dtype) === 4 ? 'u32' : `vec${4 / perWord(dtype)}<u32>`)

/** The word of a variable of {@link fourType} in which its element `k` stands. */
const wordOfFour = (dtype: DType, four: string, k: string): string =>
  perWord(dtype) === 4 ? four : `${four}[${perWord(dtype) === 2 ? `${k} >> 1u` : k}]`

/** Element `k` (u32) of four. */
export const elementOfFour = (dtype: DType, four: string, k: string): string =>
  elementOf(dtype, wordOfFour(dtype, four, k), k)

/** A statement that puts `x` at place `k` (u32) of four that were zero. */
export function putInFour(dtype: DType, four: string, x: string, k: string): string {
  const word = wordOfFour(dtype, four, k)
  return perWord(dtype) === 1
    ? `${word} = ${bitsOf(dtype, x)};`
    : `${word} |= ${bitsOf(dtype, x)} << ${shiftOf(dtype, k)};`
}

/** The bits of a value as they stand in memory, in the low end of a u32. */
export function bitsOf(dtype: DType, x: string): string {
  switch (dtype) {
    case 'float32':
    case 'int32':
      return `bitcast<u32>(${x})`
    case 'float16':
      return `floatToHalf(${x})`
    case 'bool':
      return `select(0u, 1u, ${x})`
    default:
      return `(bitcast<u32>(${x}) & 0xffu)`
  }
}

/** Where element `index` stands within its word, in bits. */
export const shiftOf = (dtype: DType, index: string): string =>
  `((${index} & ${perWord(dtype) - 1}u) * ${32 / perWord(dtype)}u)`

/** A statement that writes element `at` of a buffer whose words of packed elements belong to several invocations. */
export function storeShared(dtype: DType, buffer: string, x: string, at: string): string {
  const bits = bitsOf(dtype, x)
  if (perWord(dtype) === 1) return `${buffer}[${at}] = ${bits};`
  return `atomicOr(&${buffer}[${at} / ${perWord(dtype)}u], ${bits} << ${shiftOf(dtype, at)});`
}

/** What `x` is as another dtype: floats are cut and saturate, integers wrap, everything but zero is true. */
export function castExpression(from: DType, to: DType, x: string): string {
  if (to === 'bool') return from === 'bool' ? x : isFloat(from) ? `isTrue(${x})` : `(${x} != 0)`
  if (isFloat(to)) {
    const float = from === 'bool' ? `select(0.0, 1.0, ${x})` : isFloat(from) ? x : `f32(${x})`
    return to === 'float16' && (from === 'float32' || from === 'int32') ? `roundToHalf(${float})` : float
  }
  if (from === 'bool') return `select(0, 1, ${x})`
  if (!isFloat(from)) return from === to ? x : wrapped(to, x)
  if (to === 'int32') return `toInt(${x})`
  return to === 'uint8' ? `clamp(toInt(${x}), 0, 255)` : `clamp(toInt(${x}), -128, 127)`
}

/** A computed value as its dtype holds it: 8 bits wrapped, halves rounded. */
export function wrapped(dtype: DType, x: string): string {
  if (dtype === 'uint8') return `(${x} & 255)`
  if (dtype === 'int8') return `toInt8(${x})`
  return dtype === 'float16' ? `roundToHalf(${x})` : x
}
