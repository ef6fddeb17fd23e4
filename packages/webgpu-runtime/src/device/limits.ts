/** Limits that matter to compute kernels; more of them is asked for where the adapter has more. */
export const computeLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
] as const

/** Limits of a device, as the runtime uses them. */
export type ComputeLimits = Readonly<
  Record<(typeof computeLimits)[number] | 'maxComputeWorkgroupsPerDimension', number>
>

/** The adapter's own maximum of each. */
export const mostOf = (adapter: GPUAdapter): Record<string, number> =>
  Object.fromEntries(computeLimits.map(name => [name, adapter.limits[name]]))

/** What a device has got. */
export const limitsOf = ({ limits }: GPUDevice): ComputeLimits => ({
  maxBufferSize: limits.maxBufferSize,
  maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
  maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
  maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
  maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
  maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
  maxComputeWorkgroupSizeY: limits.maxComputeWorkgroupSizeY,
  maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
})
