import { describe, expect, it } from 'vitest'
import { checkArguments, numberOf, presetOf, wholeNumberOf } from './arguments.ts'
import { curveText, shrink } from './curve.ts'

describe('curve', () => {
  it('takes means of neighbours', () => {
    expect(shrink([1, 3, 5, 7], 2)).toEqual([2, 6])
    expect(shrink([1, 2], 5)).toEqual([1, 2])
  })

  it('draws what there is', () => {
    expect(curveText([1])).toBe('')
    const lines = curveText(Array.from({ length: 200 }, (_, i) => 3 - i / 100)).split('\n')
    expect(lines[0]).toBe('Loss in nats per token over 200 steps')
    expect(lines).toHaveLength(12)
    expect(Math.max(...lines.map(line => line.length))).toBeLessThan(90)
  })
})

describe('arguments', () => {
  const definitions = {
    files: { type: 'positional', required: false },
    model: { type: 'string' },
    json: { type: 'boolean' },
  } as const

  it('accepts what a command has', () => {
    expect(() => checkArguments(['a', 'b', '--model', 'x', '--json'], definitions)).not.toThrow()
  })

  it.each([
    [['--modell', 'x'], "tiny-lm: Unknown option '--modell'; --help lists the options"],
    [['--model'], "tiny-lm: Option '--model <value>' argument missing; --help lists the options"],
  ])('refuses %j', (args, message) => {
    expect(() => checkArguments(args, definitions)).toThrow(message)
  })

  it('refuses words where a command takes none', () => {
    expect(() => checkArguments(['word'], { json: { type: 'boolean' } })).toThrow("Unexpected argument 'word'")
  })

  it('reads numbers and presets', () => {
    expect(numberOf('temperature', '0.5', 0)).toBe(0.5)
    expect(wholeNumberOf('steps', '10', 1)).toBe(10)
    expect(presetOf('nano')).toBe('nano')
    expect(() => numberOf('top-p', '2', 0, 1)).toThrow('tiny-lm: --top-p must be a number from 0 to 1, got 2')
    expect(() => wholeNumberOf('steps', '1.5', 1)).toThrow('tiny-lm: --steps must be a whole number, got 1.5')
    expect(() => wholeNumberOf('steps', '', 1)).toThrow('tiny-lm: --steps must be a number from 1')
    expect(() => presetOf('toString')).toThrow('tiny-lm: --preset must be nano, tiny, small, got toString')
  })
})
