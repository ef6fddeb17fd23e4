import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { addPool, blockAt, resultsAt } from './__fixtures__/pool.ts'

const commands = 100_000
const most = 48

/** Numbers that look random, the same in every run. */
function* numbers(): Generator<number, never> {
  for (let state = 1; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    yield state >>> 8
  }
}

it.each([1, 3])('tiny commands one after the other never mix with %d helpers', { timeout: 120_000 }, async helpers => {
  const { threads, add, memory, results } = addPool(helpers)
  // Time for the helpers to start; whatever it is, results are right.
  await setTimeout(200)
  const block = new Int32Array(memory.buffer, blockAt)
  const expected = new Int32Array(most)
  const random = numbers()
  const next = (limit: number) => random.next().value % limit
  let own = 0
  let all = 0
  let wrong = 0
  for (let command = 0; command < commands; command++) {
    const units = next(most)
    // Two blocks in turn: a helper with an old one would write old values.
    const args = blockAt + (command % 2) * 8
    const value = 1 + next(1000)
    block.set([resultsAt, value], (args - blockAt) / 4)
    block.set([resultsAt + 4 * most, 0x55555], (blockAt + 8 - args) / 4)
    const count: typeof add = (at, begin, end, scratch) => {
      own += end - begin
      add(at, begin, end, scratch)
    }
    threads.run(0, count, args, units, 1 + next(3))
    all += units
    for (let u = 0; u < units; u++) expected[u] = (expected[u] + value * (u + 1)) | 0
    for (let u = 0; u < most; u++) if (expected[u] !== results[u]) wrong += 1
    // Sometimes the helpers fall asleep first, or are on their way there.
    if (command % 1000 === 0) for (const end = performance.now() + 0.05; performance.now() < end; );
  }
  threads.shutdown()
  expect(wrong).toBe(0)
  expect(results.subarray(most).every(result => result === 0)).toBe(true)
  // Helpers did a part of the work, or nothing has been shown.
  expect(own).toBeLessThan(all)
})
