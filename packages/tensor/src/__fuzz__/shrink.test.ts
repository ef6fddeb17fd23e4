import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printProgram, withoutDeadItems } from './__fixtures__/print.ts'
import { oracleValues, type Program, run } from './__fixtures__/program.ts'
import { programs } from './__fixtures__/programs.ts'
import { smallerPrograms } from './__fixtures__/shrink.ts'

const sample: Program = {
  items: [
    { kind: 'leaf', shape: [2, 2], dtype: 'float32', values: [[1, 2, 3, -0]] },
    { kind: 'call', name: 'mul', args: [{ ref: 0 }, { each: [0.5] }], pick: null },
    { kind: 'call', name: 'sort', args: [{ ref: 1 }, { dim: 0, descending: true }], pick: 'values' },
    { kind: 'call', name: 'exp', args: [{ ref: 0 }], pick: null },
    { kind: 'call', name: 'sum', args: [{ ref: 2 }, { dim: [0, 1] }], pick: null },
  ],
  rounds: 1,
  reads: [1],
  outputs: [4],
  dispose: true,
}

describe('printProgram', () => {
  it('writes a module that prints what either executor computes', () => {
    expect(printProgram(sample)).toBe(`import * as S from '@surprisal/tensor'
import { registerReference } from '@surprisal/tensor/reference'
registerReference()
for (const executor of ['reference', 'wasm']) {
  S.setExecutor(executor)
  const v0 = S.tensor([1, 2, 3, -0], { shape: [2, 2], dtype: 'float32' })
  const v1 = S.mul(v0, 0.5)
  console.log(executor, 'v1', v1.shape, v1.dataSync())
  const v2 = S.sort(v1, { dim: 0, descending: true }).values
  const v3 = S.exp(v0)
  const v4 = S.sum(v2, { dim: [0, 1] })
  for (const v of [v0, v1, v2, v3]) if (![v4].includes(v)) v.dispose()
  await S.realize(v4)
  console.log(executor, 'v4', v4.shape, v4.dataSync())
}`)
  })

  it('writes one block a round', () => {
    const twice: Program = {
      items: [{ kind: 'leaf', shape: [], dtype: 'int32', values: [[1], [2]] }],
      rounds: 2,
      reads: [],
      outputs: [0],
      dispose: false,
    }
    expect(printProgram(twice).match(/const v0 = S\.tensor\(\[(\d)\]/g)).toEqual([
      'const v0 = S.tensor([1]',
      'const v0 = S.tensor([2]',
    ])
  })
})

describe('withoutDeadItems', () => {
  it('drops what nothing needs and numbers the rest anew', () => {
    const { items, outputs, reads } = withoutDeadItems(sample)
    expect(items.map(item => (item.kind === 'call' ? item.name : 'leaf'))).toEqual(['leaf', 'mul', 'sort', 'sum'])
    expect([outputs, reads]).toEqual([[3], [1]])
    expect(items[3]).toMatchObject({ args: [{ ref: 2 }, { dim: [0, 1] }] })
  })
})

describe('run', () => {
  it('sees reads and outputs in order, by either executor', async () => {
    for (const executor of ['reference', 'wasm']) {
      const seen = await run(sample, executor)
      expect(seen.map(({ value }) => value)).toEqual([1, 4])
      expect([...seen[0].data]).toEqual([0.5, 1, 1.5, -0])
      expect([...seen[1].data]).toEqual([3])
    }
  })
})

/** Calls, items, elements and rounds: what a step of shrinking lowers. */
const sizeOf = ({ items, rounds, outputs, reads, dispose }: Program): number[] => [
  rounds + outputs.length + reads.length + (dispose ? 1 : 0),
  items.filter(item => item.kind === 'call').length,
  items.length,
  items.reduce((sum, item) => sum + (item.kind === 'leaf' ? item.values[0].length : 0), 0),
]

describe('smallerPrograms', () => {
  it('are programs that the oracle can run, each smaller in some way', () => {
    for (const program of fc.sample(programs(), { seed: 5, numRuns: 12 })) {
      const before = sizeOf(program)
      let count = 0
      for (const smaller of smallerPrograms(program)) {
        count += 1
        for (let round = 0; round < smaller.rounds; round++) oracleValues(smaller, round)
        const after = sizeOf(smaller)
        const first = after.findIndex((size, i) => size !== before[i])
        if (first >= 0) expect(after[first]).toBeLessThan(before[first])
        if (count === 40) break
      }
      expect(count).toBeGreaterThan(0)
    }
  })

  it('end', () => {
    let program: Program | null = sample
    let steps = 0
    while (program !== null) {
      const [next]: Program[] = [...smallerPrograms(program)].slice(-1)
      program = next ?? null
      steps += 1
      expect(steps).toBeLessThan(200)
    }
  })
})
