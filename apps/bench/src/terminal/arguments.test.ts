import { describe, expect, it } from 'vitest'
import { readArguments } from './arguments.ts'

const nothing = { json: false, list: false, quick: false, strict: false, threads: undefined }

describe('readArguments', () => {
  it('runs everything by default', () => {
    expect(readArguments([])).toEqual({ ...nothing, words: [], name: 'all' })
  })

  it('reads words and options in any order', () => {
    expect(readArguments(['--json', 'tensor', '--threads', '2', 'nn/step', '--strict'])).toEqual({
      ...nothing,
      words: ['tensor', 'nn/step'],
      name: 'tensor+nn-step',
      json: true,
      strict: true,
      threads: 2,
    })
  })

  it('takes values behind an equals sign', () => {
    expect(readArguments(['--name=today', '--threads=4'])).toMatchObject({ name: 'today', threads: 4 })
  })

  it.each([
    [['--fast'], 'bench: unknown argument --fast; --help lists the options'],
    [['-q'], 'bench: unknown argument -q; --help lists the options'],
    [['--json=yes'], 'bench: --json takes no value, got yes'],
    [['--name'], 'bench: --name needs a value'],
    [['--name', '--json'], 'bench: --name needs a value'],
    [['--name', '../x'], 'bench: --name must be letters, digits and .+-_ only, got ../x'],
    [['--threads', '0'], 'bench: --threads must be a whole number from 1 to 64, got 0'],
    [['--threads', '65'], 'bench: --threads must be a whole number from 1 to 64, got 65'],
    [['--threads', 'two'], 'bench: --threads must be a whole number from 1 to 64, got two'],
    [['--toString'], 'bench: unknown argument --toString; --help lists the options'],
  ])('refuses %j', (args, message) => {
    expect(() => readArguments(args)).toThrow(message)
  })
})
