import { fileCheckpoints } from '../../node/index.ts'
import { fit } from '../fit.ts'
import { bitsOf, smallTraining } from './small-training.ts'

const [folder, mode] = process.argv.slice(2)
const { model, options } = smallTraining(mode === 'resume' ? 99 : 1)
const { ema } = await fit(model, {
  ...options,
  checkpoint: { store: fileCheckpoints(folder), every: 5 },
  resume: mode === 'resume',
  callbacks: [
    {
      onCheckpoint: (_name, step) => {
        if (mode === 'killed' && step === 10) process.kill(process.pid, 'SIGKILL')
      },
    },
  ],
})
if (ema) console.log(JSON.stringify(bitsOf(model, ema)))
