import type { Device } from '@surprisal/tensor'

const whole = new Intl.NumberFormat('en')

/** How the devices are called. */
export const deviceNames: Readonly<Record<Device, string>> = { cpu: 'WebAssembly', webgpu: 'WebGPU' }

/** A count with thousands separated: `65,536`. */
export const formatCount = (count: number): string => whole.format(count)

/** Three significant digits without an exponent: `0.0123`, `4.56`, `1,230`. */
export const formatNumber = (value: number): string =>
  value >= 1000 ? whole.format(Number(value.toPrecision(3))) : String(Number(value.toPrecision(3)))

/** A duration: `0.123 ms`, `45.6 ms`, `1.23 s`. */
export const formatTime = (milliseconds: number): string =>
  milliseconds < 1000 ? `${formatNumber(milliseconds)} ms` : `${formatNumber(milliseconds / 1000)} s`

/** A small difference: `0`, `1.2e-7`. */
export const formatDifference = (value: number): string => (value === 0 ? '0' : value.toExponential(1))

/** A limit of a device, bytes where its name says so: `128 MiB`, `65,535`. */
export function formatLimit(name: string, value: number): string {
  if (!/Size$/.test(name)) return formatCount(value)
  const units = ['bytes', 'KiB', 'MiB', 'GiB']
  let unit = 0
  let amount = value
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024
    unit++
  }
  return `${formatNumber(amount)} ${units[unit]}`
}

/** `maxStorageBuffersPerShaderStage` in words: `storage buffers per shader stage`. */
export const formatLimitName = (name: string): string =>
  name
    .replace(/^max/, '')
    .replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
    .replace(/ ([xyz])$/, (_, axis: string) => ` ${axis.toUpperCase()}`)
    .trim()
