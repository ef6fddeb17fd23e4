import type { AdapterDescription } from './acquire.ts'

/** What adapters have in common for the choice of kernels. */
export type AdapterClass = 'apple' | 'nvidia' | 'amd' | 'intel' | 'software' | 'unknown'

const makers = new Set<string>(['apple', 'nvidia', 'amd', 'intel'] satisfies AdapterClass[])

/** The class of an adapter: its maker, as far as the browser names one, or that a processor plays it. */
export function adapterClassOf({ vendor }: AdapterDescription, isSoftware: boolean): AdapterClass {
  if (isSoftware) return 'software'
  const maker = vendor.toLowerCase()
  return makers.has(maker) ? (maker as AdapterClass) : 'unknown'
}
