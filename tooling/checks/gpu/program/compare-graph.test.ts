import { createRuntime, registerBackend } from '@surprisal/webgpu-runtime'
import { gpuForTests } from '@surprisal/webgpu-runtime/software'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Item, type Program, run } from '../../../../packages/tensor/src/__fuzz__/__fixtures__/program.ts'
import { compareGraph } from './compare-graph.ts'
import { runOnDevice } from './run-on-device.ts'

const gpu = (await gpuForTests()) as GPU

const leaf = (values: number[]): Item => ({ kind: 'leaf', shape: [values.length], dtype: 'float32', values: [values] })
const graph = (name: string, args: unknown[], ...leaves: number[][]): Program => ({
  items: [...leaves.map(leaf), { kind: 'call', name, args, pick: null }],
  rounds: 1,
  reads: [],
  outputs: [leaves.length],
  dispose: false,
})
const [a, b] = [{ ref: 0 }, { ref: 1 }]
const agreed = { failure: null, isExplained: false }

describe.skipIf(!gpu)('compareGraph', () => {
  let end = () => {}
  beforeAll(async () => {
    const runtime = await createRuntime({ gpu })
    registerBackend(runtime)
    end = () => runtime.destroy()
  })
  afterAll(() => end())

  it('takes what is equal in all but the last digits', async () => {
    expect(await compareGraph(graph('exp', [a], [0.1, 3, -7]))).toEqual(agreed)
  })

  it('lets a device take subnormal numbers for zeros', async () => {
    expect(await compareGraph(graph('div', [a, b], [1e-40, 1e-40], [0, 2]))).toEqual(agreed)
  })

  it('lets a device be more exact than rounding after each function', async () => {
    expect(await compareGraph(graph('lerp', [a, b, 1], [-(2 ** 31)], [1]))).toMatchObject({ failure: null })
  })

  it('sees every round, what is read on the way and what is kept', async () => {
    const items: Item[] = [
      {
        kind: 'leaf',
        shape: [2],
        dtype: 'float32',
        values: [
          [1, 2],
          [3, 4],
        ],
      },
      { kind: 'call', name: 'mul', args: [a, { each: [2, 5] }], pick: null },
      { kind: 'call', name: 'add', args: [b, a], pick: null },
    ]
    const program: Program = { items, rounds: 2, reads: [1], outputs: [2, 0], dispose: true }
    const observed = await runOnDevice(program)
    expect(observed).toEqual(await run(program, 'reference'))
    expect(observed.map(({ round, value, data }) => [round, value, ...data])).toEqual([
      [0, 1, 2, 4],
      [0, 2, 3, 6],
      [0, 0, 1, 2],
      [1, 1, 15, 20],
      [1, 2, 18, 24],
      [1, 0, 3, 4],
    ])
  })
})
