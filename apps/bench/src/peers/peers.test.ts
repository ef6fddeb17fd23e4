import { afterEach, describe, expect, it } from 'vitest'
import type { BenchCase } from '../case/bench-case.ts'
import { makeInputs } from '../case/inputs.ts'
import type { Runner } from '../process/runner.ts'
import { startRunner } from '../process/start-runner.ts'
import { findPython } from './find-python.ts'

/** Whether a library can be imported: the harness is there for who has installed none of them, too. */
const installed = (name: string): boolean => {
  try {
    return Boolean(import.meta.resolve(name))
  } catch {
    return false
  }
}
const python = await findPython().catch(() => null)
const available = {
  tfjs: installed('@tensorflow/tfjs-backend-wasm'),
  'jax-js': installed('@jax-js/jax'),
  ort: installed('onnxruntime-web'),
  torch: python !== null,
}

const benchCase: BenchCase = {
  case: 'two-products',
  inputs: { a: { shape: [3, 2] }, b: { shape: [2, 4] } },
  ours: ({ a, b }) => [a.matmul(b), a.mul(2)],
  peers: {
    tfjs: ({ a, b }, tf) => [tf.matMul(a, b), tf.mul(a, 2)],
    'jax-js': ({ a, b }, { numpy: np }) => [np.matmul(a.ref, b), a.mul(2)],
    ort: {
      nodes: [
        { op: 'MatMul', inputs: ['a', 'b'], output: 'y' },
        { op: 'Add', inputs: ['a', 'a'], output: 'z' },
      ],
      outputs: { y: [3, 4], z: [3, 2] },
    },
    torch: '[a @ b, a * 2]',
  },
  variants: {
    counter: {
      program: {
        prepare: ({ a }) => {
          let runs = 0
          return { run: () => void runs++, results: async () => [[runs, a.size]] }
        },
      },
    },
  },
}

const { a, b } = makeInputs(benchCase.inputs)
const product = Array.from({ length: 12 }, (_, i) => {
  const [row, column] = [Math.floor(i / 4), i % 4]
  return a.data[2 * row] * b.data[column] + a.data[2 * row + 1] * b.data[4 + column]
})

let running: Runner | undefined
afterEach(() => running?.close?.())

async function start(name: string, one = benchCase): Promise<Runner> {
  running = await startRunner(one, name, 1)
  return running
}

const peers = Object.entries(available).filter(([, here]) => here)

describe('the libraries', () => {
  it.each([['ours', true] as const, ...peers])('%s computes what the case says', async name => {
    const runner = await start(name)
    const { ms, results } = await runner.first()
    expect(runner.version).toMatch(/^\d+\.\d+\.\d+/)
    expect(ms).toBeGreaterThan(0)
    expect(results.map(result => result.length)).toEqual([12, 6])
    product.forEach((value, i) => {
      expect(results[0][i]).toBeCloseTo(value, 5)
    })
    expect(Array.from(results[1])).toEqual([...a.data].map(value => 2 * value))
    const runs = await runner.round(3)
    expect(runs.length).toBeGreaterThan(0)
    expect(Math.min(...runs)).toBeGreaterThan(0)
  })

  it('counts the bytes of ours', async () => {
    const runner = await start('ours')
    await runner.first()
    const { base, held, peak } = runner.bytes() ?? { base: 0, held: 0, peak: 0 }
    expect(held - base).toBeGreaterThanOrEqual(4 * (12 + 6))
    expect(peak).toBeGreaterThanOrEqual(held)
  })

  it('runs a session of ours and asks for its results once', async () => {
    const runner = await start('counter')
    expect((await runner.first()).results).toEqual([[1, 6]])
  })

  it.skipIf(!available.tfjs)('tfjs has gradients, and no int8', async () => {
    const square: BenchCase = {
      case: 'square',
      inputs: { x: { shape: [3] } },
      ours: ({ x }) => x,
      peers: { tfjs: ({ x }, tf) => tf.grad(value => tf.sum(tf.square(value)))(x) },
    }
    const { results } = await (await start('tfjs', square)).first()
    const { x } = makeInputs(square.inputs)
    expect(Array.from(results[0])).toEqual([...x.data].map(value => 2 * value))
    const bytes = { ...square, inputs: { x: { shape: [3], dtype: 'int8' as const, max: 9 } } }
    await expect(start('tfjs', bytes)).rejects.toThrow('has no int8')
  })

  it.skipIf(!available.torch)('torch runs statements and takes results of their own', async () => {
    const torch =
      'calls = []\ndef evaluate():\n    calls.append(1)\ndef results():\n    return [a, torch.tensor(len(calls))]'
    const { results } = await (await start('torch', { ...benchCase, peers: { torch } })).first()
    expect(Array.from(results[0])).toEqual([...a.data])
    expect(Array.from(results[1])).toEqual([1])
  })

  it.skipIf(!available.torch)('torch tells what its program did wrong', async () => {
    const runner = await start('torch', { ...benchCase, peers: { torch: 'a @ a' } })
    await expect(runner.first()).rejects.toThrow(/RuntimeError: .*shapes cannot be multiplied/)
  })
})

describe('findPython', () => {
  it('says so when none has torch', async () => {
    await expect(findPython(['/nowhere/python', process.execPath])).rejects.toThrow(
      'no python3 here has torch and numpy',
    )
  })
})
