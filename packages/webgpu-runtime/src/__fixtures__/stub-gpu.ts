/** What a {@link stubGpu} has been asked, and what can go wrong with it. */
export interface Stub {
  readonly gpu: GPU
  /** What `requestDevice` was given. */
  readonly requests: GPUDeviceDescriptor[]
  /** Buffers whose creation fails, from the next one on. */
  failures: number
  /** Buffers that were created, and those that were destroyed. */
  created: number
  destroyed: number
  /** Ends the device. */
  lose(reason: string): void
  /** Reports an error that nobody has asked for. */
  complain(message: string): void
}

/** How a stub behaves. */
export interface StubOptions {
  readonly features?: readonly string[]
  /** Of the shader language; a GPU object may have no such list. */
  readonly languageFeatures?: readonly string[]
  readonly info?: Partial<GPUAdapterInfo>
  readonly limits?: Readonly<Record<string, number>>
  /** Whether there is no adapter. @default false */
  readonly noAdapter?: boolean
  /** Whether the adapter refuses a device. @default false */
  readonly noDevice?: boolean
  /** Whether it says how the creation of buffers went. @default true */
  readonly answers?: boolean
}

const least = {
  maxBufferSize: 2 ** 28,
  maxStorageBufferBindingSize: 2 ** 27,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupSizeY: 256,
  maxComputeWorkgroupsPerDimension: 65_535,
}

/** A GPU that accepts calls and computes nothing, for what no real one does when it is asked to. */
export function stubGpu(options: StubOptions = {}): Stub {
  const {
    features = [],
    languageFeatures,
    info = {},
    limits = {},
    noAdapter = false,
    noDevice = false,
    answers = true,
  } = options
  let lose: (info: unknown) => void = () => {}
  const lost = new Promise(resolve => {
    lose = resolve
  })
  let failing = false
  const listeners: ((event: unknown) => void)[] = []
  const device = {
    limits: { ...least, ...limits },
    lost,
    queue: { submit() {}, writeBuffer() {}, onSubmittedWorkDone: async () => {} },
    addEventListener: (_: string, listener: (event: unknown) => void) => listeners.push(listener),
    pushErrorScope() {
      failing = false
    },
    popErrorScope: () =>
      answers
        ? Promise.resolve(failing ? new (class GPUOutOfMemoryError extends Error {})('no room') : null)
        : new Promise(() => {}),
    createBuffer({ size }: GPUBufferDescriptor) {
      failing = stub.failures > 0
      stub.failures = Math.max(0, stub.failures - 1)
      stub.created += 1
      const destroy = () => {
        stub.destroyed += 1
      }
      const bytes = new ArrayBuffer(size)
      return { size, destroy, getMappedRange: () => bytes, unmap() {}, mapAsync: () => new Promise(() => {}) }
    },
    createCommandEncoder: () => ({ copyBufferToBuffer() {}, clearBuffer() {}, finish: () => ({}) }),
    destroy: () => lose({ reason: 'destroyed', message: '' }),
  }
  const adapter = {
    features: new Set(features),
    info: { vendor: 'maker', architecture: 'arch', device: '', description: '', isFallbackAdapter: false, ...info },
    limits: { ...least, maxBufferSize: 2 ** 32, ...limits },
    async requestDevice(descriptor: GPUDeviceDescriptor) {
      stub.requests.push(descriptor)
      if (noDevice) throw new Error('it is busy')
      return device
    },
  }
  const stub: Stub = {
    gpu: {
      requestAdapter: async () => (noAdapter ? null : adapter),
      wgslLanguageFeatures: languageFeatures && new Set(languageFeatures),
    } as unknown as GPU,
    requests: [],
    failures: 0,
    created: 0,
    destroyed: 0,
    complain(message) {
      for (const listener of listeners) listener({ error: new Error(message), preventDefault() {} })
    },
    lose: reason => lose({ reason: 'unknown', message: reason }),
  }
  return stub
}
