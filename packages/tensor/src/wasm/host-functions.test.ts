import { expect, test } from 'vitest'
import { hostArity, hostFunctionNames, hostFunctions } from './host-functions.ts'

test('functions keep their numbers', () => {
  expect(hostFunctionNames.slice(0, 11)).toEqual('log2 log10 tan asin acos atan sinh cosh asinh acosh atanh'.split(' '))
  expect(hostFunctionNames.slice(11)).toEqual(['sin', 'cos', 'atan2', 'fmod'])
})

test('functions take one number but for a few, and all are float64', () => {
  expect(hostFunctionNames.filter(name => hostArity(name) === 2)).toEqual(['atan2', 'fmod'])
  expect(hostFunctionNames.filter(name => hostArity(name) > 2)).toEqual([])
  expect(hostFunctions.asin(0.1)).toBe(Math.asin(0.1))
})

test('fmod has the sign of the dividend', () => {
  expect(hostFunctions.fmod(-7.5, 2)).toBe(-1.5)
  expect(hostFunctions.fmod(-4, 2)).toBe(-0)
  expect(hostFunctions.fmod(4, 0)).toBeNaN()
})
