import { type Device, normal, randomKey, realize, type Tensor, tensor } from '@surprisal/tensor'
import type { Work } from './work.ts'

/** A device that takes part. */
export interface Contestant {
  readonly device: Device
  /** Resolves when all that was asked for has been computed. */
  idle(): Promise<void>
  /** Kernels that were started so far; null where nobody counts. */
  dispatches(): number | null
}

/** A measured time. */
export interface Sample {
  readonly device: Device
  /** Of one run, the mean of the runs that were measured together. */
  readonly milliseconds: number
}

/** What does not depend on time. */
export interface Agreement {
  /** Largest difference between the results of the devices, null where there is one device. */
  readonly difference: number | null
  /** Largest value of the result. */
  readonly largest: number
  /** Kernels of one run, by device. */
  readonly dispatches: Readonly<Partial<Record<Device, number | null>>>
}

/** Options of {@link compare}. */
export interface CompareOptions {
  /** Samples of each device. */
  readonly rounds: number
  onAgreement(agreement: Agreement): void
  onSample(sample: Sample): void
  /** Asked before each sample. */
  isStopped(): boolean
}

/** Shorter samples would measure the clock. */
const sampleMilliseconds = 25
const mostRuns = 100

/** A task of its own, so that messages come through. */
const pause = (): Promise<void> => new Promise(resolve => setTimeout(resolve))

/**
 * Computes the same on each device and measures it, in turn, so that whatever else the machine does meets them alike.
 * The first run of each compiles and uploads; it is not measured, but its results are compared.
 */
export async function compare(
  work: Work,
  size: number,
  contestants: readonly Contestant[],
  { rounds, onAgreement, onSample, isStopped }: CompareOptions,
): Promise<void> {
  const [x, y] = await drawOperands(work, size)
  const results: Float32Array[] = []
  const dispatches: Partial<Record<Device, number | null>> = {}
  const turns: { contestant: Contestant; operands: Operands; runs: number }[] = []
  try {
    for (const contestant of contestants) {
      const { device } = contestant
      const shape = work.shape(size)
      const operands: Operands = [tensor(x, { shape, device }), tensor(y, { shape, device })]
      const turn = { contestant, operands, runs: 1 }
      turns.push(turn)
      results.push(await take(work.compute(...operands)))
      const before = contestant.dispatches()
      const first = await timeRuns(work, turn)
      const after = contestant.dispatches()
      dispatches[device] = before === null || after === null ? null : after - before
      turn.runs = Math.min(mostRuns, Math.max(1, Math.round(sampleMilliseconds / first)))
    }
    onAgreement({ ...differenceOf(results), dispatches })
    for (let round = 0; round < rounds; round++)
      for (const turn of turns) {
        await pause()
        if (isStopped()) return
        onSample({ device: turn.contestant.device, milliseconds: await timeRuns(work, turn) })
      }
  } finally {
    for (const { operands } of turns) for (const operand of operands) operand.dispose()
  }
}

type Operands = [Tensor, Tensor]

/** The same numbers for every device. */
async function drawOperands(work: Work, size: number): Promise<Float32Array[]> {
  const draw = (seed: number): Promise<Float32Array> => take(normal(randomKey(seed), work.shape(size)))
  return [await draw(0), await draw(1)]
}

/** The elements of a tensor, which is gone then. */
async function take(values: Tensor): Promise<Float32Array> {
  const elements = (await values.data()) as Float32Array
  values.dispose()
  return elements
}

/** Milliseconds of one run. */
async function timeRuns(
  work: Work,
  { contestant, operands, runs }: { contestant: Contestant; operands: Operands; runs: number },
): Promise<number> {
  const started = performance.now()
  for (let run = 0; run < runs; run++) {
    const result = work.compute(...operands)
    await realize(result)
    result.dispose()
  }
  await contestant.idle()
  return (performance.now() - started) / runs
}

function differenceOf([first, second]: readonly Float32Array[]): Pick<Agreement, 'difference' | 'largest'> {
  let largest = 0
  let difference = 0
  for (let i = 0; i < first.length; i++) {
    largest = Math.max(largest, Math.abs(first[i]))
    if (second) difference = Math.max(difference, Math.abs(first[i] - second[i]))
  }
  return { difference: second ? difference : null, largest }
}
