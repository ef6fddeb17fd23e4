const units = ['KiB', 'MiB', 'GiB', 'TiB']

/** A number of bytes for people: `'512 bytes'`, `'1.5 MiB'`, `'2.0 GiB'`. */
export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`
  let value = bytes / 1024
  let unit = 0
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024
  return `${Number.isInteger(value) && unit < 2 ? value : value.toFixed(1)} ${units[unit]}`
}
