import { gate, word } from './control.ts'

/** Loads of the gate, about 40 microseconds of them, before the calling thread sleeps, where it may. */
const spins = 10_000

/** Milliseconds between two looks at the gate while the calling thread sleeps. */
const sliceMilliseconds = 10

/** Milliseconds that an eager calling thread waits for the others. */
const eagerMilliseconds = 20

/** The calling thread's side of the gate to a command. */
export class Gate {
  readonly #control: Int32Array
  readonly #patience: number
  readonly #maySleep = mayWait()

  /** @param patience milliseconds to wait for those inside */
  constructor(control: Int32Array, patience: number) {
    this.#control = control
    this.#patience = patience
  }

  /** Lets helpers in to the command that stands in the control block. */
  open(): void {
    Atomics.store(this.#control, word.gate, gate.open)
    this.wake()
  }

  /** Makes the helpers look. */
  wake(): void {
    Atomics.add(this.#control, word.epoch, 1)
    if (Atomics.load(this.#control, word.sleepers) > 0) Atomics.notify(this.#control, word.epoch)
  }

  /** Waits until a helper has taken the chunk `first`, or some milliseconds have passed. */
  letOthersBegin(first: number): void {
    const control = this.#control
    const isUntaken = () => Atomics.load(control, word.next) === first
    for (let left = spins; left > 0 && isUntaken(); left--);
    for (let waited = 0; waited < eagerMilliseconds && isUntaken(); waited++)
      if (this.#maySleep) Atomics.wait(control, word.next, first, 1)
      else spinWhile(isUntaken, 1)
  }

  /** Lets nobody else in and waits until those inside have left; the bits of those that have not in time. */
  close(): number {
    let inside = Atomics.and(this.#control, word.gate, ~gate.open) & ~gate.open
    for (let left = spins; inside !== 0 && left > 0; left--) inside = Atomics.load(this.#control, word.gate)
    // Time is counted in looks at the gate: a clock runs on while the process is stopped.
    for (let waited = 0; inside !== 0 && waited < this.#patience; waited += sliceMilliseconds)
      inside = this.#maySleep ? this.#sleep() : this.#spin()
    return inside
  }

  #sleep(): number {
    const control = this.#control
    const state = Atomics.or(control, word.gate, gate.callerSleeps) | gate.callerSleeps
    if (state !== gate.callerSleeps) Atomics.wait(control, word.gate, state, sliceMilliseconds)
    return Atomics.and(control, word.gate, ~gate.callerSleeps) & ~gate.callerSleeps
  }

  /** For the main thread of a page, which may not sleep. */
  #spin(): number {
    spinWhile(() => Atomics.load(this.#control, word.gate) !== 0, sliceMilliseconds)
    return Atomics.load(this.#control, word.gate)
  }
}

function spinWhile(condition: () => boolean, milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (condition() && performance.now() < end);
}

/** False on the main thread of a page. */
function mayWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0)
    return true
  } catch {
    return false
  }
}
