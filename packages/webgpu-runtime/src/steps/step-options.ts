import type { AdapterDescription } from '../device/acquire.ts'
import { adapterClassOf } from '../device/adapter-class.ts'
import type { ComputeLimits } from '../device/limits.ts'
import { tunedTile } from './contract/tune.ts'
import type { StepOptions } from './lowered-step.ts'

/** What the choice of kernels depends on; a runtime has it. */
export interface KernelTarget {
  readonly info: AdapterDescription
  readonly isSoftware: boolean
  readonly limits: ComputeLimits
  readonly features: ReadonlySet<string>
  readonly languageFeatures: ReadonlySet<string>
}

/** How steps become kernels of a device. */
export const stepOptionsOf = ({ info, isSoftware, limits, features, languageFeatures }: KernelTarget): StepOptions => ({
  limits,
  features: new Set([...features, ...languageFeatures]),
  adapter: adapterClassOf(info, isSoftware),
  tile: tunedTile(info),
})
