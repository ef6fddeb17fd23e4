import { realize, setDefaultDevice, type Tensor } from '@surprisal/tensor'
import { build, type Observed, type Program } from '../../../../packages/tensor/src/__fuzz__/__fixtures__/program.ts'

/** Runs a random program on the device `'webgpu'`, where reading takes a promise; the CPU is the default one again afterwards. */
export async function runOnDevice(program: Program): Promise<Observed[]> {
  setDefaultDevice('webgpu')
  try {
    const observed: Observed[] = []
    for (let round = 0; round < program.rounds; round++) observed.push(...(await runRound(program, round)))
    return observed
  } finally {
    setDefaultDevice('cpu')
  }
}

async function runRound({ items, reads, outputs, dispose }: Program, round: number): Promise<Observed[]> {
  const tensors: Tensor[] = []
  const observed: Observed[] = []
  const see = async (value: number): Promise<void> => {
    const { dtype, shape } = tensors[value]
    observed.push({ round, value, dtype, shape, data: await tensors[value].data() })
  }
  try {
    for (const [value, item] of items.entries()) {
      tensors.push(build(item, tensors, round))
      if (reads.includes(value)) await see(value)
    }
    const wanted = outputs.map(output => tensors[output])
    // A function that has nothing to do may return its argument, so that two values are one handle.
    if (dispose) for (const t of tensors) if (!wanted.includes(t)) t.dispose()
    await realize(...wanted)
    for (const output of outputs) await see(output)
  } finally {
    for (const t of tensors) t.dispose()
  }
  return observed
}
