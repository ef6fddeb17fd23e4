import { describe, expect, it } from 'vitest'
import { defaultCache } from '../pipeline/cache-folder.ts'
import { checkArguments, corpusArgs, toOptions, wholeNumber } from './arguments.ts'

describe('checkArguments', () => {
  it.each([
    [[]],
    [['--dir', 'notes', '--json']],
    [['--dir=notes', '--no-json', '--seed', '7']],
    [['--exclude=--draft', '--preset', 'tiny']],
  ])('accepts %j', rawArgs => {
    expect(() => checkArguments(rawArgs, corpusArgs)).not.toThrow()
  })

  it.each([
    [['--presett', 'tiny'], 'unknown argument --presett; --help lists the options'],
    [['tiny'], 'unknown argument tiny; --help lists the options'],
    [['-p', 'tiny'], 'unknown argument -p; --help lists the options'],
    [['--'], 'unknown argument --; --help lists the options'],
    [['--no-dir'], 'unknown argument --no-dir; --help lists the options'],
    [['--toString'], 'unknown argument --toString; --help lists the options'],
    [['--no-toString'], 'unknown argument --no-toString; --help lists the options'],
    [['--dir'], '--dir needs a value: --dir <folder>'],
    [['--dir='], '--dir needs a value: --dir <folder>'],
    [['--dir', ''], '--dir needs a value: --dir <folder>'],
    [['--dir', '--json'], '--dir needs a value: --dir <folder>'],
    [['--seed'], '--seed needs a value: --seed <number>'],
    [['--json=yes'], '--json takes no value, got yes'],
    [['--json', 'yes'], 'unknown argument yes; --help lists the options'],
  ])('refuses %j', (rawArgs, problem) => {
    expect(() => checkArguments(rawArgs, corpusArgs)).toThrow(`search: ${problem}`)
  })
})

describe('toOptions', () => {
  it('fills in what was not said', () => {
    expect(toOptions({ preset: 'small', seed: '0' })).toEqual({
      dir: null,
      exclude: [],
      preset: 'small',
      seed: 0,
      cache: defaultCache(),
      rebuild: false,
    })
  })

  it('takes what was said', () => {
    const args = { dir: 'notes', exclude: 'a/**,,b.md', preset: 'tiny', seed: '7', cache: '/c', rebuild: true }
    expect(toOptions(args)).toEqual({ ...args, exclude: ['a/**', 'b.md'], seed: 7 })
  })

  it.each([
    [{ preset: 'huge', seed: '0' }, '--preset must be tiny, small, large, got huge'],
    [{ preset: 'toString', seed: '0' }, '--preset must be tiny, small, large, got toString'],
    [{ preset: 'tiny', seed: '-1' }, '--seed must be a whole number from 0 to 4294967295, got -1'],
    [{ preset: 'tiny', seed: '0', exclude: 'a' }, '--exclude goes with --dir'],
  ])('refuses %j', (args, problem) => {
    expect(() => toOptions(args)).toThrow(`search: ${problem}`)
  })
})

describe('wholeNumber', () => {
  it.each(['0', '80', '65535'])('reads %s', text => {
    expect(wholeNumber('port', text, 65535)).toBe(Number(text))
  })

  it.each(['', ' 1', '1.5', '-1', '65536', '0x10', '1e3', 'NaN', '99999999999999999999'])('refuses %j', text => {
    expect(() => wholeNumber('port', text, 65535)).toThrow(
      `search: --port must be a whole number from 0 to 65535, got ${text}`,
    )
  })
})
