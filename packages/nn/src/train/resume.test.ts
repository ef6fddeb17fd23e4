import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LayerNorm } from '../layers/layer-norm.ts'
import type { EMA } from '../optim/ema.ts'
import { SGD } from '../optim/sgd.ts'
import { bitsOf, Net, smallTraining } from './__fixtures__/small-training.ts'
import { memoryCheckpoints } from './checkpoint-store.ts'
import { fit } from './fit.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surprisal-nn-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

const program = fileURLToPath(new URL('./__fixtures__/train-in-process.ts', import.meta.url))

/** Trains in a process of its own; what it prints, or the signal that ended it. */
const inProcess = (mode: string): Promise<{ output: string; signal: NodeJS.Signals | null }> =>
  new Promise(resolve => {
    execFile(process.execPath, ['--conditions=@surprisal/source', program, folder, mode], (error, output) =>
      resolve({ output, signal: error?.signal ?? null }),
    )
  })

async function uninterrupted(): Promise<number[]> {
  const { model, options } = smallTraining(1)
  const { ema } = await fit(model, options)
  return bitsOf(model, ema as EMA)
}

describe('a training that is gone on from', () => {
  it('ends with the same bits after kill -9 and 10 more steps in a fresh process', async () => {
    expect(await inProcess('killed')).toEqual({ output: '', signal: 'SIGKILL' })
    expect((await readdir(folder)).sort()).toEqual(['step-000000005.safetensors', 'step-000000010.safetensors'])
    const { output } = await inProcess('resume')
    expect(JSON.parse(output)).toEqual(await uninterrupted())
  }, 30_000)

  it('ends with the same bits after an abort at any step', async () => {
    const wanted = await uninterrupted()
    for (const stop of [1, 7, 13, 19]) {
      const store = memoryCheckpoints()
      const before = smallTraining(1)
      const abort = new AbortController()
      const first = await fit(before.model, {
        ...before.options,
        checkpoint: { store },
        signal: abort.signal,
        callbacks: [{ onStep: ({ step }) => (step === stop ? abort.abort() : undefined) }],
      })
      expect(first).toMatchObject({
        step: stop,
        reason: 'aborted',
        checkpoint: `step-${String(stop).padStart(9, '0')}`,
      })
      const after = smallTraining(2)
      const second = await fit(after.model, { ...after.options, checkpoint: { store }, resume: true })
      expect(second).toMatchObject({ step: 20, resumedFrom: stop, reason: 'done' })
      expect(bitsOf(after.model, second.ema as EMA)).toEqual(wanted)
    }
  })

  it('begins at 0 when there is no checkpoint, and does nothing when it was done', async () => {
    const store = memoryCheckpoints()
    const { model, options } = smallTraining(1)
    expect(await fit(model, { ...options, steps: 2, checkpoint: { store }, resume: true })).toMatchObject({
      resumedFrom: 0,
      step: 2,
    })
    const again = smallTraining(2)
    expect(await fit(again.model, { ...again.options, steps: 2, checkpoint: { store }, resume: true })).toMatchObject({
      resumedFrom: 2,
      step: 2,
      loss: null,
      reason: 'done',
      checkpoint: 'step-000000002',
    })
  })

  it('does not mix with another one in the same place', async () => {
    const store = memoryCheckpoints()
    const run = async (more: object) => {
      const { model, options } = smallTraining(1)
      return fit(model, { ...options, steps: 1, checkpoint: { store }, ...more })
    }
    await run({})
    await expect(run({})).rejects.toThrow(
      'fit: checkpoints must be gone on from (resume: true) or kept elsewhere, got step-000000001 in memory',
    )
    await expect(run({ resume: true, seed: 12 })).rejects.toThrow(
      'fit: cannot go on from step-000000001 in memory: seed must be 11 as before, got 12',
    )
    await expect(run({ resume: true, gradAccumulation: 1 })).rejects.toThrow(
      'gradAccumulation must be 2 as before, got 1',
    )
    await expect(run({ resume: true, data: () => 0 })).rejects.toThrow('batchesPerEpoch must be 10 as before, got null')
  })

  it('lists the keys of a checkpoint of another model, and changes nothing', async () => {
    const store = memoryCheckpoints()
    const { model, options } = smallTraining(1)
    await fit(model, { ...options, steps: 1, checkpoint: { store } })
    class Other extends Net {
      third = new LayerNorm(2)
    }
    const other = new Other(3)
    other.second = smallTraining(4).model.first
    const before = Object.values(other.stateDict()).map(value => Array.from(value.dataSync()))
    const optimizer = new SGD(other.parameters(), { lr: 0.1 })
    await expect(
      fit(other as unknown as Net, { ...options, ema: undefined, optimizer, checkpoint: { store }, resume: true }),
    ).rejects.toThrow(
      'fit: cannot go on from step-000000001 in memory: readCheckpoint: file must be of a model like this one; ' +
        'missing: third.weight, third.bias; ' +
        'other shapes: second.weight is [1, 8] in the file and [8, 3] in the model, second.bias is [1] in the file and [8] in the model',
    )
    expect(Object.values(other.stateDict()).map(value => Array.from(value.dataSync()))).toEqual(before)
  })

  it('does not begin from a damaged checkpoint, and names the one before', async () => {
    expect((await inProcess('killed')).signal).toBe('SIGKILL')
    const path = join(folder, 'step-000000010.safetensors')
    const bytes = await readFile(path)
    bytes[bytes.length - 5] ^= 4
    await writeFile(path, bytes)
    const { fileCheckpoints } = await import('../node/index.ts')
    const resume = async () => {
      const { model, options } = smallTraining(2)
      const checkpoint = { store: fileCheckpoints(folder) }
      const { ema } = await fit(model, { ...options, checkpoint, resume: true })
      return bitsOf(model, ema as EMA)
    }
    await expect(resume()).rejects.toThrow(/the file is damaged; remove it to go on from step-000000005$/)
    await rm(path)
    expect(await resume()).toEqual(await uninterrupted())
  }, 30_000)
})
