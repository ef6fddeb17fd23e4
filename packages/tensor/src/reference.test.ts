import { afterEach, expect, it } from 'vitest'
import { currentExecutor } from './executor.ts'
import { SurprisalError, setExecutor } from './index.ts'
import { referenceExecutor, registerReference } from './reference.ts'

afterEach(() => setExecutor('wasm'))

it('is not known until it is registered, and chosen by name only', () => {
  expect(() => setExecutor('reference')).toThrow(
    new SurprisalError('argument', 'setExecutor: name must be one of wasm, got reference'),
  )
  registerReference()
  registerReference()
  expect(currentExecutor().name).toBe('wasm')
  setExecutor('reference')
  expect(currentExecutor()).toBe(referenceExecutor)
})
