import { SurprisalError } from '@surprisal/tensor'
import { findGpu } from './find-gpu.ts'
import { type ComputeLimits, limitsOf, mostOf } from './limits.ts'

/** Features that kernels use where they are; each has another way where it is not. */
const usefulFeatures = ['shader-f16', 'subgroups', 'timestamp-query']
/** Features of the shader language that are of use; they belong to the GPU object and are not asked for. */
const usefulLanguageFeatures = ['packed_4x8_integer_dot_product']

/** How to come by a device. */
export interface AcquireOptions {
  /** An object like `navigator.gpu`. @default `navigator.gpu`, in Node the one of the npm package `webgpu` */
  readonly gpu?: GPU
  /** Which of several adapters. @default the browser's choice */
  readonly powerPreference?: GPUPowerPreference
  /**
   * The features to use, of the adapter and of the shader language, where they are there; `[]` for none.
   * @default those the runtime has a use for
   */
  readonly features?: readonly string[]
  /** `'minimum'` is what every adapter has by the specification, `'adapter'` the most this one has. @default 'adapter' */
  readonly limits?: 'adapter' | 'minimum'
  /** Name of the device in messages of the browser. @default 'surprisal' */
  readonly label?: string
}

/** Who made an adapter and what it is, as far as the browser tells. */
export interface AdapterDescription {
  readonly vendor: string
  readonly architecture: string
  readonly device: string
  readonly description: string
}

/** A device and what is known of it. */
export interface AcquiredDevice {
  readonly device: GPUDevice
  readonly info: AdapterDescription
  readonly limits: ComputeLimits
  readonly features: ReadonlySet<string>
  /** Of the shader language. */
  readonly languageFeatures: ReadonlySet<string>
  readonly isSoftware: boolean
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * A device of its own.
 * @throws {SurprisalError} `device` where there is no GPU object, no adapter, or no device is given
 */
export async function acquireDevice(options: AcquireOptions = {}): Promise<AcquiredDevice> {
  const {
    powerPreference,
    features = [...usefulFeatures, ...usefulLanguageFeatures],
    limits = 'adapter',
    label = 'surprisal',
  } = options
  const gpu = await findGpu(options.gpu)
  const adapter = await gpu.requestAdapter(powerPreference ? { powerPreference } : {})
  if (!adapter) throw new SurprisalError('device', 'webgpu: no adapter')
  const requiredFeatures = features.filter(name => adapter.features.has(name)) as GPUFeatureName[]
  let device: GPUDevice
  try {
    const requiredLimits = limits === 'adapter' ? mostOf(adapter) : {}
    device = await adapter.requestDevice({ label, requiredFeatures, requiredLimits })
  } catch (error) {
    throw new SurprisalError('device', `webgpu: the adapter gives no device: ${messageOf(error)}`)
  }
  const { vendor, architecture, device: name, description } = adapter.info
  return {
    device,
    info: { vendor, architecture, device: name, description },
    limits: limitsOf(device),
    features: new Set(requiredFeatures),
    languageFeatures: languageFeaturesOf(gpu, features),
    isSoftware: isSoftware(adapter.info),
  }
}

/** Those of some features that shaders may use; an older GPU object does not name any. */
function languageFeaturesOf({ wgslLanguageFeatures }: Partial<GPU>, features: readonly string[]): Set<string> {
  return new Set(features.filter(name => wgslLanguageFeatures?.has(name)))
}

function isSoftware(info: GPUAdapterInfo): boolean {
  if (info.isFallbackAdapter) return true
  return /swiftshader|llvmpipe|basic render/i.test(`${info.architecture} ${info.device} ${info.description}`)
}

/**
 * Whether there is a device to be had.
 * @param gpu an object like `navigator.gpu`; default as in {@link AcquireOptions}
 * @returns never rejects
 */
export async function isSupported(gpu?: GPU): Promise<boolean> {
  try {
    return (await (await findGpu(gpu)).requestAdapter()) !== null
  } catch {
    return false
  }
}
