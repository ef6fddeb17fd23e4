import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latestOnly } from './latest-only.ts'

function setUp() {
  const started: string[] = []
  const finish: (() => void)[] = []
  const seen: string[] = []
  const run = latestOnly<string, string>(
    argument => {
      started.push(argument)
      return new Promise((resolve, reject) => {
        finish.push(() => (argument === 'bad' ? reject(new Error(argument)) : resolve(`${argument}!`)))
      })
    },
    result => seen.push(result),
    error => seen.push((error as Error).message),
  )
  const step = async () => {
    finish.shift()?.()
    await new Promise(resolve => setTimeout(resolve))
  }
  return { run, step, started, seen }
}

describe('latestOnly', () => {
  it('runs one at a time and skips what newer arguments replace', async () => {
    const { run, step, started, seen } = setUp()
    for (const argument of ['c', 'ca', 'cat']) void run(argument)
    expect(started).toEqual(['c'])
    await step()
    expect(started).toEqual(['c', 'cat'])
    await step()
    expect(seen).toEqual(['c!', 'cat!'])
  })

  it('goes on after a failure', async () => {
    const { run, step, seen } = setUp()
    void run('bad')
    void run('good')
    await step()
    await step()
    expect(seen).toEqual(['bad', 'good!'])
  })

  it('starts again after a rest', async () => {
    const { run, step, seen } = setUp()
    void run('a')
    await step()
    void run('b')
    await step()
    expect(seen).toEqual(['a!', 'b!'])
  })

  it('always ends with the newest argument and never goes backwards', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 30 }), async calls => {
        const { run, step, seen } = setUp()
        let asked = 0
        for (const call of [true, ...calls]) {
          if (call) void run(String(++asked))
          else await step()
        }
        await step()
        await step()
        const numbers = seen.map(text => Number.parseInt(text, 10))
        expect(numbers.at(-1)).toBe(asked)
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
      }),
      { numRuns: 30 },
    )
  })
})
