import { expect, it } from 'vitest'
import { adapterClassOf } from './adapter-class.ts'

const of = (vendor: string, isSoftware = false): string =>
  adapterClassOf({ vendor, architecture: '', device: '', description: '' }, isSoftware)

it('an adapter is of the class of its maker', () => {
  expect(['apple', 'nvidia', 'amd', 'intel', 'Intel'].map(vendor => of(vendor))).toEqual([
    'apple',
    'nvidia',
    'amd',
    'intel',
    'intel',
  ])
})

it('or of none that is known', () => {
  expect(['', 'qualcomm', 'arm', 'software', 'constructor'].map(vendor => of(vendor))).toEqual([
    'unknown',
    'unknown',
    'unknown',
    'unknown',
    'unknown',
  ])
})

it('a processor is one whoever made it', () => {
  expect(of('google', true)).toBe('software')
  expect(of('intel', true)).toBe('software')
})
