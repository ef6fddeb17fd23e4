import type { AdapterDescription } from './acquire.ts'
import type { ComputeLimits } from './limits.ts'

/** What computes, as plain data. */
export interface DeviceDescription extends AdapterDescription {
  readonly isSoftware: boolean
  /** Features in use, sorted. */
  readonly features: readonly string[]
  /** Those of the shader language in use, sorted. */
  readonly languageFeatures: readonly string[]
  readonly limits: ComputeLimits
}

/** What a description is made of; a runtime has it. */
export interface Describable {
  readonly info: AdapterDescription
  readonly isSoftware: boolean
  readonly features: ReadonlySet<string>
  readonly languageFeatures: ReadonlySet<string>
  readonly limits: ComputeLimits
}

/** What a runtime computes on, what it uses of it and how far it goes: for a page that shows it, or a report. */
export const describeDevice = ({
  info,
  isSoftware,
  features,
  languageFeatures,
  limits,
}: Describable): DeviceDescription => ({
  ...info,
  isSoftware,
  features: [...features].sort(),
  languageFeatures: [...languageFeatures].sort(),
  limits: { ...limits },
})
