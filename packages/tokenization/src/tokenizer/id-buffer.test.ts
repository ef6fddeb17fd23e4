import fc from 'fast-check'
import { expect, it } from 'vitest'
import { IdBuffer } from './id-buffer.ts'

fc.configureGlobal({ seed: 1 })

it('holds what was pushed and appended, in order', () => {
  const step = fc.oneof(fc.nat(), fc.array(fc.nat(), { maxLength: 200 }))
  fc.assert(
    fc.property(fc.array(step), steps => {
      const buffer = new IdBuffer()
      for (const step of steps) {
        if (typeof step === 'number') buffer.push(step)
        else buffer.append(Int32Array.from(step))
      }
      expect([...buffer.toArray()]).toEqual(steps.flat())
    }),
  )
})

it('hands out copies', () => {
  const buffer = new IdBuffer()
  buffer.push(1)
  buffer.toArray()[0] = 9
  expect([...buffer.toArray()]).toEqual([1])
})
