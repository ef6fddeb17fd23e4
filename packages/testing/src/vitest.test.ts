import { SurprisalError, type Tensor } from '@surprisal/tensor'
import { afterAll, expect } from 'vitest'
import { vectorTests } from './vitest.ts'

let calls = 0
const exports = {
  scale(x: Tensor, { by }: { by?: number }): Tensor {
    calls += 1
    if (by === undefined) throw new SurprisalError('argument', 'scale: by must be given, got undefined')
    return x.mul(by)
  },
}

vectorTests(new URL('./__fixtures__/vectors/', import.meta.url), exports)
vectorTests(new URL('./__fixtures__/vectors/', import.meta.url), exports, ['reference'])

afterAll(() => {
  expect(calls).toBe(6)
})
