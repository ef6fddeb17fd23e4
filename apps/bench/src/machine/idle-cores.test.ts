import { cpus } from 'node:os'
import { describe, expect, it } from 'vitest'
import { idleBetween, idleCores } from './idle-cores.ts'

describe('idleBetween', () => {
  it('shares the idle time among the cores', () => {
    expect(idleBetween({ idle: 100, total: 400 }, { idle: 250, total: 600 }, 4)).toBe(3)
    expect(idleBetween({ idle: 0, total: 0 }, { idle: 0, total: 10 }, 2)).toBe(0)
  })

  it('takes all for idle where no time went by', () => {
    expect(idleBetween({ idle: 1, total: 2 }, { idle: 1, total: 2 }, 2)).toBe(2)
  })
})

describe('idleCores', () => {
  it('lies between none and all of them', async () => {
    const idle = await idleCores(30)
    expect(idle).toBeGreaterThanOrEqual(0)
    expect(idle).toBeLessThanOrEqual(cpus().length)
  })
})
