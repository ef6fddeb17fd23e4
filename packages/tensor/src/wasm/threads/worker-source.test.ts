import { describe, expect, it } from 'vitest'
import { type HostFunction, hostFunctionNames, hostFunctions } from '../host-functions.ts'
import { hostFunctionTexts, mathNames, workerSource } from './worker-source.ts'

type Numeric = (...x: number[]) => number

const samples = [-1e300, -7.5, -4, -0, 0, 0.3, 2, 1e-310, Number.POSITIVE_INFINITY, Number.NaN]

describe('workerSource', () => {
  it('is a program without holes', () => {
    expect(() => new Function(workerSource)).not.toThrow()
    expect(workerSource).not.toMatch(/undefined|NaN|\[object/)
  })

  it('takes the other functions of the host from Math, where they are the same', () => {
    for (const name of mathNames) expect(hostFunctions[name]).toBe(Math[name as keyof Math])
    expect([...mathNames, ...Object.keys(hostFunctionTexts)].sort()).toEqual([...hostFunctionNames].sort())
  })

  it.each(Object.entries(hostFunctionTexts))('has %s as the host does', (name, text) => {
    const theirs = new Function(`return ${text}`)() as Numeric
    const ours = hostFunctions[name as HostFunction] as Numeric
    for (const a of samples) for (const b of samples) expect(theirs(a, b)).toBe(ours(a, b))
  })
})
