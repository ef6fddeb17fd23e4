import { describe, expect, it } from 'vitest'
import { opener } from './open-in-browser.ts'

describe('opener', () => {
  it.each([
    ['darwin', 'open'],
    ['win32', 'cmd'],
    ['linux', 'xdg-open'],
  ] as const)('is the program of %s', (platform, program) => {
    const [name, args] = opener(platform, 'http://localhost:1/')
    expect(name).toBe(program)
    expect(args.at(-1)).toBe('http://localhost:1/')
  })
})
