import { describe, expect, it } from 'vitest'
import { CrossEntropyMethod } from './cross-entropy-method.ts'
import { HostRandom } from './host-random.ts'

const bits = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`bit${i}`, { choices: [0, 1] }]))
const space = { size: { choices: ['s', 'm', 'l'] }, rate: { mean: 0.1, std: 1, log: true, min: 1e-3, max: 1 } } as const
const score = ({ size, rate }: { size: string; rate: number }): number =>
  (size === 'm' ? 1 : 0) - (Math.log(rate) - Math.log(0.02)) ** 2

describe('CrossEntropyMethod', () => {
  it.each([0, 1, 2])('finds all ones under noise within 15 iterations, seed %i', seed => {
    const search = new CrossEntropyMethod(bits, { population: 50, seed })
    const noise = new HostRandom(100 + seed)
    const isFound = (): boolean => Object.values(search.distributions).every(([, one]) => one > 0.95)
    let iterations = 0
    while (!isFound() && iterations < 15) {
      const configs = search.ask()
      const scores = configs.map(
        config => Object.values(config).reduce<number>((sum, bit) => sum + (bit as number), 0) + 0.5 * noise.normal(),
      )
      search.tell(configs, scores)
      iterations += 1
    }
    expect(isFound()).toBe(true)
    expect(Object.values(search.modal)).toEqual(new Array(20).fill(1))
  })

  it('finds a choice and a number on a logarithmic scale', async () => {
    const search = new CrossEntropyMethod(space, { seed: 1, population: 40 })
    const { best, modal, reason, history } = await search.run(async config => score(config))
    expect(reason).toBe('converged')
    expect(best?.config.size).toBe('m')
    expect(modal.size).toBe('m')
    expect(Math.log(modal.rate)).toBeCloseTo(Math.log(0.02), 1)
    expect(best?.score).toBeGreaterThan(0.999)
    expect(history.at(-1)?.mean).toBeGreaterThan(history[0].mean)
  })

  it('looks for small scores where these are good', async () => {
    const search = new CrossEntropyMethod(space, { seed: 1, direction: 'min', population: 40 })
    const { best } = await search.run(config => -score(config))
    expect(best?.config.size).toBe('m')
    expect(best?.score).toBeLessThan(-0.99)
  })

  it('stays within bounds, on a plain and on a logarithmic scale', () => {
    const bounded = new CrossEntropyMethod({
      a: { mean: 0, std: 10, min: -1, max: 2 },
      b: { mean: 1, std: 3, min: 0.5, max: 4, log: true },
      far: { mean: 1000, std: 1, max: 3 },
    })
    for (const { a, b, far } of bounded.ask(200)) {
      expect(a >= -1 && a <= 2).toBe(true)
      expect(b >= 0.499 && b <= 4.001).toBe(true)
      expect(far).toBe(3)
    }
  })

  it('stops when the threshold stands still', async () => {
    const { reason, history } = await new CrossEntropyMethod(space, { patience: 2 }).run(() => 1)
    expect([reason, history.length]).toEqual(['patience', 3])
    const limited = await new CrossEntropyMethod(space, { maxIterations: 1 }).run(() => 1)
    expect(limited.reason).toBe('maxIterations')
  })

  it('counts failures and NaN as worst', async () => {
    let calls = 0
    const search = new CrossEntropyMethod(space, { maxIterations: 1, population: 10 })
    const { history, best } = await search.run(() => {
      calls += 1
      if (calls === 1) throw new Error('out of memory')
      return calls === 2 ? Number.NaN : calls
    })
    expect(history).toEqual([{ threshold: 9, best: 10, mean: 6.5, failed: 2 }])
    expect(best?.score).toBe(10)
    const before = search.distributions
    search.tell(search.ask(2), [Number.NaN, Number.NaN])
    expect(search.distributions).toEqual(before)
    const none = await new CrossEntropyMethod(space, { maxIterations: 1 }).run(() => Number.NaN)
    expect(none.best).toBeNull()
  })

  it('keeps the floors', () => {
    const floored = new CrossEntropyMethod(space, { minProb: 0.1, minStd: 0.5, smoothing: 1, rho: 0.01 })
    const configs = floored.ask()
    floored.tell(configs, configs.map(score))
    const { size, rate } = floored.distributions
    expect(Math.min(...size)).toBeCloseTo(0.1 / 1.2, 9)
    expect(size.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9)
    expect(rate[1]).toBe(0.5)
  })

  it('goes on from JSON as if it had not stopped', async () => {
    const options = { seed: 3, population: 8, maxIterations: 6 }
    const whole = await new CrossEntropyMethod(space, options).run(score)
    const half = new CrossEntropyMethod(space, { ...options, maxIterations: 3 })
    await half.run(score)
    const again = CrossEntropyMethod.fromJSON(space, JSON.parse(JSON.stringify(half)), options)
    expect(await again.run(score)).toEqual(whole)
  })

  it('evaluates several at a time, and stops by its signal', async () => {
    let running = 0
    let most = 0
    const abort = new AbortController()
    const { reason } = await new CrossEntropyMethod(space, { concurrency: 3 }).run(
      async config => {
        running += 1
        most = Math.max(most, running)
        await new Promise(resolve => setTimeout(resolve, 1))
        running -= 1
        if (most === 3) abort.abort()
        return score(config)
      },
      { signal: abort.signal },
    )
    expect([most, reason]).toEqual([3, 'aborted'])
  })

  it.each([
    [{}, {}, 'CrossEntropyMethod: space must hold a parameter, got none'],
    [{ a: { choices: [] } }, {}, 'CrossEntropyMethod: choices of a must be a list, got an array of 0'],
    [{ a: { std: 1 } }, {}, 'CrossEntropyMethod: a must have choices or a mean, got undefined'],
    [{ a: { mean: 1, std: 0 } }, {}, 'CrossEntropyMethod: std of a must be above 0, got 0'],
    [{ a: { mean: -1, std: 1, log: true } }, {}, 'CrossEntropyMethod: mean of a must be above 0, got -1'],
    [bits, { rho: 2 }, 'CrossEntropyMethod: rho must be in (0, 1], got 2'],
    [bits, { population: 0 }, 'CrossEntropyMethod: population must be a whole number from 1, got 0'],
    [bits, { minStd: -1 }, 'CrossEntropyMethod: minStd must be at least 0, got -1'],
  ])('refuses the space %j with %j', (wrong, options, message) => {
    expect(() => new CrossEntropyMethod(wrong as never, options)).toThrow(message)
  })

  it('refuses scores and configurations that do not belong to it', () => {
    const search = new CrossEntropyMethod(space)
    expect(() => search.tell(search.ask(2), [1])).toThrow('CrossEntropyMethod: scores must be 2, got 1')
    expect(() => search.tell([{ size: 'x' as 's', rate: 1 }], [1])).toThrow(
      'CrossEntropyMethod: size must be one of s, m, l, got x',
    )
    expect(() => search.ask(0)).toThrow('CrossEntropyMethod: n must be a whole number from 1, got 0')
    expect(() => CrossEntropyMethod.fromJSON(bits, search.toJSON())).toThrow(
      'CrossEntropyMethod: state must be of the parameters bit0, ',
    )
  })
})
