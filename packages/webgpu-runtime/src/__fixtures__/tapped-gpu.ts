/** A GPU whose devices one gets hold of, and what it denies. */
export interface TappedGpu {
  readonly gpu: GPU
  /** All that were given, in their order. */
  readonly devices: GPUDevice[]
  /** Whether there is no adapter any more. */
  noAdapter: boolean
}

/** A GPU of which tests can lose devices, as a driver that crashes or another program does. */
export function tapGpu(real: GPU): TappedGpu {
  const tap = (adapter: GPUAdapter): GPUAdapter =>
    ({
      features: adapter.features,
      limits: adapter.limits,
      info: adapter.info,
      async requestDevice(descriptor: GPUDeviceDescriptor) {
        const device = await adapter.requestDevice(descriptor)
        tapped.devices.push(device)
        return device
      },
    }) as GPUAdapter
  const requestAdapter = async (options?: GPURequestAdapterOptions): Promise<GPUAdapter | null> => {
    const adapter = tapped.noAdapter ? null : await real.requestAdapter(options)
    return adapter && tap(adapter)
  }
  const { wgslLanguageFeatures } = real
  const tapped: TappedGpu = {
    gpu: { requestAdapter, wgslLanguageFeatures } as GPU,
    devices: [],
    noAdapter: false,
  }
  return tapped
}
