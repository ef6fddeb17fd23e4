import { describe, expect, it } from 'vitest'
import { formatCount, formatDifference, formatLimit, formatLimitName, formatNumber, formatTime } from './format.ts'

describe('numbers in words', () => {
  it('separates thousands', () => {
    expect(formatCount(65536)).toBe('65,536')
  })

  it.each([
    [0.012345, '0.0123'],
    [4.5678, '4.57'],
    [999.4, '999'],
    [1234.5, '1,230'],
  ])('rounds %f to three digits', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })

  it.each([
    [0.5, '0.5 ms'],
    [12.345, '12.3 ms'],
    [1500, '1.5 s'],
  ])('writes the time %f', (value, text) => {
    expect(formatTime(value)).toBe(text)
  })

  it('writes differences with their power of ten', () => {
    expect(formatDifference(1.234e-7)).toBe('1.2e-7')
    expect(formatDifference(0)).toBe('0')
  })

  it('writes limits by what they count', () => {
    expect(formatLimit('maxBufferSize', 2 ** 28)).toBe('256 MiB')
    expect(formatLimit('maxStorageBufferBindingSize', 2 ** 31 - 4)).toBe('2 GiB')
    expect(formatLimit('maxComputeWorkgroupsPerDimension', 65535)).toBe('65,535')
    expect(formatLimit('maxBufferSize', 100)).toBe('100 bytes')
  })

  it('writes the names of limits in words', () => {
    expect(formatLimitName('maxStorageBuffersPerShaderStage')).toBe('storage buffers per shader stage')
    expect(formatLimitName('maxComputeWorkgroupSizeX')).toBe('compute workgroup size X')
  })
})
