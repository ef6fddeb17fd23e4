/** Eight tables of 256: tables[256 * n + b] is the checksum of byte b followed by n zero bytes. */
const TABLES = makeTables()

/**
 * CRC-32C (Castagnoli, reflected polynomial 0x82F63B78), the checksum of iSCSI, ext4 and of our index files, eight
 * bytes a step ("slicing by 8").
 *
 * @param bytes what to check
 * @param previous the checksum of the bytes before, when a long input comes in parts
 * @returns an unsigned 32-bit number
 * @example
 * crc32c(new TextEncoder().encode('123456789')).toString(16) // => 'e3069283'
 */
export function crc32c(bytes: Uint8Array, previous = 0): number {
  let crc = ~previous
  let i = 0
  const words = bytes.length - (bytes.length % 8)
  for (; i < words; i += 8) {
    crc ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)
    crc =
      TABLES[1792 + (crc & 255)] ^
      TABLES[1536 + ((crc >>> 8) & 255)] ^
      TABLES[1280 + ((crc >>> 16) & 255)] ^
      TABLES[1024 + (crc >>> 24)] ^
      TABLES[768 + bytes[i + 4]] ^
      TABLES[512 + bytes[i + 5]] ^
      TABLES[256 + bytes[i + 6]] ^
      TABLES[bytes[i + 7]]
  }
  for (; i < bytes.length; i++) crc = TABLES[(crc ^ bytes[i]) & 255] ^ (crc >>> 8)
  return ~crc >>> 0
}

function makeTables(): Int32Array {
  const tables = new Int32Array(8 * 256)
  for (let b = 0; b < 256; b++) {
    let crc = b
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
    tables[b] = crc
  }
  for (let i = 256; i < tables.length; i++) tables[i] = tables[tables[i - 256] & 255] ^ (tables[i - 256] >>> 8)
  return tables
}
