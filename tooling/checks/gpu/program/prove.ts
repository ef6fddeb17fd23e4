import { setDefaultDevice } from '@surprisal/tensor'
import { registerReference } from '@surprisal/tensor/reference'
import { createRuntime, type Runtime, registerBackend } from '@surprisal/webgpu-runtime'
import { type GraphOptions, runGraphs } from './graphs.ts'
import { runVectorCases, type VectorText } from './vector-cases.ts'

/** What is computed on a device, and on which. */
export interface ProofOptions extends GraphOptions {
  /** `'minimum'` is a device with the limits that every one has by the specification, and without features. */
  readonly limits: 'adapter' | 'minimum'
  readonly vectors: readonly VectorText[]
}

/** What came of it. */
export interface Proof {
  /** Cases and graphs. */
  readonly passed: number
  readonly problems: readonly string[]
}

/** The specification's limits that kernels meet first (W3C, "WebGPU", 2025, section 3.6.2). */
const least = {
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupStorageSize: 16_384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxStorageBufferBindingSize: 2 ** 27,
}
/** Most graphs must agree in the last digits, or else the comparison would have lost its teeth. */
const mostExplained = 0.25

/**
 * Runs conformance cases and random graphs on the GPU.
 * @param gpu default that of the page or worker
 */
export async function prove({ limits, vectors, graphs, seed }: ProofOptions, gpu?: GPU): Promise<Proof> {
  registerReference()
  const runtime = await createRuntime({ ...(gpu && { gpu }), limits, ...(limits === 'minimum' && { features: [] }) })
  registerBackend(runtime)
  try {
    setDefaultDevice('webgpu')
    const cases = await runVectorCases(vectors)
    setDefaultDevice('cpu')
    const found = graphs > 0 ? await runGraphs({ graphs, seed }) : { failure: null, agreed: 0, explained: 0 }
    const passed = cases.passed + found.agreed
    const problems = [...cases.problems]
    if (found.failure !== null) problems.push(found.failure)
    else if (found.agreed < graphs) problems.push(`time was up after ${found.agreed} of ${graphs} graphs`)
    problems.push(...deviceProblems(runtime, limits, passed))
    if (found.explained > mostExplained * graphs)
      problems.push(`${found.explained} of ${graphs} graphs differ by more than the last digits`)
    return { passed, problems }
  } finally {
    setDefaultDevice('cpu')
    runtime.destroy()
  }
}

/** Whether the device is the one that was meant, and was at work. */
function deviceProblems(runtime: Runtime, wanted: ProofOptions['limits'], passed: number): string[] {
  const problems: string[] = []
  const { dispatches } = runtime.stats()
  if (dispatches < passed) problems.push(`the device ran ${dispatches} kernels for ${passed} cases and graphs`)
  if (wanted === 'adapter') return problems
  for (const [name, limit] of Object.entries(least))
    if (runtime.limits[name as keyof typeof least] !== limit)
      problems.push(`${name} is ${runtime.limits[name as keyof typeof least]}, not ${limit}`)
  const features = [...runtime.features, ...runtime.languageFeatures]
  if (features.length > 0) problems.push(`features are in use: ${features.join(', ')}`)
  return problems
}
