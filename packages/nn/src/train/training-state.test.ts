import { SurprisalError, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { writeSafetensors } from '../checkpoint/write-safetensors.ts'
import { smallTraining } from './__fixtures__/small-training.ts'
import { memoryCheckpoints } from './checkpoint-store.ts'
import { fit } from './fit.ts'
import { readTrainingState } from './training-state.ts'

describe('readTrainingState', () => {
  it('tells where a training stands, and gives back what its caller kept', async () => {
    const store = memoryCheckpoints()
    const { model, options } = smallTraining(1)
    const checkpoint = { store, config: { width: 8, names: ['a'] } }
    await fit(model, { ...options, steps: 3, checkpoint, precision: { lossScale: 'dynamic' } })
    const state = readTrainingState(await store.read('step-000000003'))
    expect(state).toMatchObject({
      version: 1,
      step: 3,
      batch: 6,
      seed: 11,
      gradAccumulation: 2,
      batchesPerEpoch: 10,
      plateau: null,
      lossScale: { scale: 65536, goodSteps: 3 },
      config: { width: 8, names: ['a'] },
    })
    expect(state.smoothedLoss).toBeGreaterThan(0)
  })

  it.each<Record<string, string>>([
    {},
    { training: '{' },
    { training: '{"version":2,"step":1,"batch":1}' },
    { training: '{"version":1}' },
  ])('refuses a file with the metadata %j', async metadata => {
    const bytes = await writeSafetensors({ a: tensor(1) }, { metadata })
    expect(() => readTrainingState(bytes)).toThrow(
      new SurprisalError('format', 'readTrainingState: file must be a checkpoint of fit with its metadata'),
    )
  })
})
