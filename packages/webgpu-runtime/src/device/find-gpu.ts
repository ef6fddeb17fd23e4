import { SurprisalError } from '@surprisal/tensor'

/** Named at run time, so that bundlers for the web leave it out. */
const dawn = 'webgpu'

let dawnGpu: Promise<GPU | null> | null = null

async function loadDawn(): Promise<GPU | null> {
  const isNode = typeof process === 'object' && typeof process.versions?.node === 'string'
  if (!isNode) return null
  try {
    const { create, globals } = await import(/* @vite-ignore */ dawn)
    Object.assign(globalThis, globals)
    return create([])
  } catch {
    return null
  }
}

/**
 * The given GPU object, the page's or worker's `navigator.gpu`, or Dawn by the npm package `webgpu` in Node.
 * @throws {SurprisalError} `device` where there is none
 */
export async function findGpu(given?: GPU): Promise<GPU> {
  const own = given ?? (globalThis.navigator as Navigator | undefined)?.gpu
  if (own) return own
  dawnGpu ??= loadDawn()
  const found = await dawnGpu
  if (found) return found
  throw new SurprisalError('device', 'webgpu: no GPU object (pass {gpu} or run where navigator.gpu exists)')
}
