import type { Counts } from './counts.ts'

/**
 * Counts what is asked of the devices of this process from now on, whoever asks: the methods of all devices are
 * replaced, which a library does not notice and cannot get around.
 *
 * @param device any device of the implementation; others are counted as well
 * @returns reads the counters, all zero at first
 */
export function countCalls(device: GPUDevice): () => Counts {
  const counts = { dispatches: 0, submissions: 0, pipelines: 0, buffers: 0 }
  const count = (owner: object, name: string, what: keyof Counts): void => {
    const methods = Object.getPrototypeOf(owner) as Record<string, (...args: unknown[]) => unknown>
    const method = methods[name]
    methods[name] = function (this: unknown, ...args) {
      counts[what] += 1
      return method.apply(this, args)
    }
  }
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  count(pass, 'dispatchWorkgroups', 'dispatches')
  count(pass, 'dispatchWorkgroupsIndirect', 'dispatches')
  count(device.queue, 'submit', 'submissions')
  count(device, 'createComputePipeline', 'pipelines')
  count(device, 'createComputePipelineAsync', 'pipelines')
  count(device, 'createBuffer', 'buffers')
  pass.end()
  encoder.finish()
  return () => ({ ...counts })
}
