import { describe, expect, it } from 'vitest'
import { colorsFor } from './colors.ts'

describe('colorsFor', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [undefined, { CI: 'true' }, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('terminal %s, environment %j: %s', (isTTY, env, colored) => {
    expect(colorsFor({ isTTY }, env).bold('x') !== 'x').toBe(colored)
  })
})
