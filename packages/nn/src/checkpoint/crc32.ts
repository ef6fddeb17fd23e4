const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  return crc
})

/** CRC-32 as of zip and PNG (reflected polynomial 0xEDB88320), as eight hexadecimal digits. */
export function crc32(bytes: Uint8Array): string {
  let crc = -1
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]) & 255] ^ (crc >>> 8)
  return (~crc >>> 0).toString(16).padStart(8, '0')
}
