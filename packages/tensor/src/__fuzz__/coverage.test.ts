import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dtypes } from '../dtype.ts'
import { functions, inputsOf, type Program } from './__fixtures__/program.ts'
import { programs } from './__fixtures__/programs.ts'

const drawn: readonly Program[] = fc.sample(programs(), { seed: 1, numRuns: 6000 })
const items = drawn.flatMap(program => program.items)

/** Exported functions that no graph can hold, by what they are instead. */
const others: Readonly<Record<string, readonly string[]>> = {
  'shapes depend on values': ['bincount', 'maskedSelect', 'nonzero', 'unique'],
  'takes a function': ['checkpoint', 'compile', 'customGradient', 'defineOp', 'profile', 'scope', 'valueAndGrad'],
  'no tensor in or out': ['foldIn', 'hostData', 'isCompiling', 'isTensor', 'randomKey', 'splitKey', 'threefry2x32'],
  'how and when to compute': [
    'explain',
    'memory',
    'ready',
    'realize',
    'setDefaultDevice',
    'setDeterministic',
    'setExecutor',
    'setThreads',
    'threadUse',
    'withMemoryLimit',
  ],
  'a leaf': ['tensor'],
}

describe('the generator', () => {
  it('calls every op there is', () => {
    const called = new Set(items.map(item => (item.kind === 'call' ? item.name : 'tensor')))
    const excepted = Object.values(others).flat()
    const ops = Object.entries(functions).flatMap(([name, f]) =>
      typeof f === 'function' && !/^[A-Z]/.test(name) && !excepted.includes(name) ? [name] : [],
    )
    expect(ops.filter(name => !called.has(name))).toEqual([])
    expect(excepted.filter(name => !(name in functions))).toEqual([])
  })

  it('makes leaves of every dtype, and of shapes around the widths of vectors', () => {
    const leaves = items.flatMap(item => (item.kind === 'leaf' ? [item] : []))
    expect(new Set(leaves.map(leaf => leaf.dtype))).toEqual(new Set(dtypes))
    const sizes = new Set(leaves.flatMap(leaf => leaf.shape))
    for (const size of [0, 1, 3, 4, 5, 17, 1030]) expect(sizes).toContain(size)
    const ranks = new Set(leaves.map(leaf => leaf.shape.length))
    for (const rank of [0, 1, 2, 3, 4]) expect(ranks).toContain(rank)
  })

  it('makes graphs of up to 30 ops and more, of several outputs, rounds, reads and gradients', () => {
    const lengths = drawn.map(program => program.items.length)
    expect(Math.max(...lengths)).toBeGreaterThan(30)
    expect(drawn.filter(program => program.outputs.length > 2).length).toBeGreaterThan(1000)
    expect(drawn.filter(program => program.rounds === 2).length).toBeGreaterThan(1000)
    expect(drawn.filter(program => program.reads.length > 0).length).toBeGreaterThan(800)
    expect(drawn.filter(program => program.dispose).length).toBeGreaterThan(1000)
    const gradients = items.filter(item => item.kind === 'call' && item.name === 'gradients')
    expect(gradients.length).toBeGreaterThan(2000)
  })

  it('uses values more than once', () => {
    const shared = drawn.filter(({ items: own }) => {
      const uses = own.flatMap(item => [...new Set(inputsOf(item))])
      return new Set(uses).size < uses.length
    })
    expect(shared.length).toBeGreaterThan(3000)
  })

  it('makes the same programs of the same seed', () => {
    expect(fc.sample(programs(), { seed: 1, numRuns: 5 })).toEqual(drawn.slice(0, 5))
  })
})
