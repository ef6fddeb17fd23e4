import type { BenchCase } from '../case/bench-case.ts'
import { makeInputs } from '../case/inputs.ts'
import type { CountedGpu } from '../gpu/counted-gpu.ts'
import type { Runner } from './runner.ts'

/**
 * Starts one participant of a case in this process. Only its library is loaded.
 *
 * @param participant `ours`, a peer or a variant of the case
 * @param isSoftware whether a processor plays the GPU. @default false
 * @throws Error with the reason why the participant cannot take part
 */
export async function startRunner(
  benchCase: BenchCase,
  participant: string,
  threads: number,
  isSoftware = false,
): Promise<Runner> {
  const { ours, peers = {}, variants = {}, onSoftware } = benchCase
  const inputs = makeInputs({ ...benchCase.inputs, ...(isSoftware ? onSoftware : {}) })
  const gpu = benchCase.device === 'webgpu' ? await startGpu() : null
  if (participant === 'ours' || Object.hasOwn(variants, participant)) {
    const { startOurs } = await import('../peers/ours.ts')
    const { program = ours, fusion, ...variant } = variants[participant] ?? {}
    return startOurs(program, inputs, { threads: variant.threads ?? threads, gpu, fusion })
  }
  if (participant === 'tfjs' && peers.tfjs) {
    const { startTfjs } = await import('../peers/tfjs.ts')
    return startTfjs(peers.tfjs, inputs, threads, gpu)
  }
  if (participant === 'jax-js' && peers['jax-js']) {
    const { startJax } = await import('../peers/jax.ts')
    return startJax(peers['jax-js'], inputs, threads, gpu)
  }
  if (participant === 'ort' && peers.ort) {
    const { startOrt } = await import('../peers/ort.ts')
    return startOrt(peers.ort, inputs, threads)
  }
  if (participant === 'torch' && peers.torch) {
    const { startTorch } = await import('../peers/torch.ts')
    return startTorch(peers.torch, inputs, threads)
  }
  throw new Error(`${benchCase.case} has no participant ${participant}`)
}

async function startGpu(): Promise<CountedGpu> {
  const { countedGpu } = await import('../gpu/counted-gpu.ts')
  return countedGpu()
}
