import { describe, expect, it } from 'vitest'
import { readArguments, usage } from './arguments.ts'

describe('readArguments', () => {
  it('has defaults', () => {
    expect(readArguments([])).toEqual({ port: 4174, open: true, help: false })
  })

  it('reads each option', () => {
    expect(readArguments(['--port', '0', '--no-open'])).toEqual({ port: 0, open: false, help: false })
    expect(readArguments(['--port=65535', '-h'])).toEqual({ port: 65535, open: true, help: true })
  })

  it.each(['65536', '-1', 'x', '1.5', ''])('refuses the port %j', port => {
    expect(() => readArguments([`--port=${port}`])).toThrow(
      `playground: --port must be a whole number from 0 to 65535, got ${port}`,
    )
  })

  it('refuses what it does not know', () => {
    expect(() => readArguments(['--prot', '1'])).toThrow(
      "playground: Unknown option '--prot'; --help lists the options",
    )
    expect(() => readArguments(['page'])).toThrow(
      /^playground: Unexpected argument 'page'.*; --help lists the options$/,
    )
  })

  it('lists every option in the usage', () => {
    for (const option of ['--port', '--no-open', '--help']) expect(usage).toContain(option)
  })
})
