import { createHash, type Hash } from 'node:crypto'
import { Tensor } from '@surprisal/tensor'

/**
 * A digest of the numbers in a result, with their dtypes and shapes: equal for equal bits. One NaN is as good as
 * another: which of its patterns comes out is not defined.
 */
export async function bitsOf(value: unknown): Promise<string> {
  const digest = createHash('sha256')
  await add(await value, digest)
  return digest.digest('hex').slice(0, 16)
}

async function add(value: unknown, digest: Hash): Promise<void> {
  if (value instanceof Tensor) {
    digest.update(`${value.dtype} [${value.shape}] `).update(bytesOf(await value.data()))
  } else if (ArrayBuffer.isView(value)) {
    digest.update(bytesOf(value))
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      digest.update(`${key}: `)
      await add(await part, digest)
    }
  } else {
    digest.update(`${typeof value} ${Object.is(value, -0) ? '-0' : value} `)
  }
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  const isFloat = view instanceof Float32Array || view instanceof Float64Array
  const { buffer, byteOffset, byteLength } = isFloat ? view.map(x => (Number.isNaN(x) ? Number.NaN : x)) : view
  return new Uint8Array(buffer, byteOffset, byteLength)
}
