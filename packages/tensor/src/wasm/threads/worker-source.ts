import { type HostFunction, hostFunctionNames } from '../host-functions.ts'
import { failed, gate, helperWord, helperWords, messageLimit, word } from './control.ts'

/** What a helper is started with. */
export interface WorkerData {
  /** The memory of the kernels. */
  readonly memory: WebAssembly.Memory
  /** See `control.ts`. */
  readonly control: SharedArrayBuffer
  /** See `module-log.ts`. */
  readonly log: SharedArrayBuffer
  /** Its number, from 0. */
  readonly helper: number
  /** Loads of the epoch before it goes to sleep. */
  readonly spins: number
}

/** The text of the host functions that `Math` does not have. */
export const hostFunctionTexts: Record<Exclude<HostFunction, keyof Math>, string> = {
  fmod: '(a, b) => a % b',
}

/** The host functions that a helper takes from `Math`. */
export const mathNames = hostFunctionNames.filter(name => !(name in hostFunctionTexts))

const ownFunctions = Object.entries(hostFunctionTexts).map(([name, text]) => `${name}: ${text}`)

/**
 * The program of a helper, for Node and for pages. It is text, because a function's own text does not survive a
 * minifier, and it needs no file, so bundlers need no configuration.
 *
 * Order matters: it reads the log before it goes through the gate, so nobody waits for a compilation, and it reads the
 * epoch first of all, so whatever it misses afterwards changes the epoch and keeps it awake.
 */
export const workerSource = `'use strict'
const help = ({ memory, control, log, helper, spins }) => {
  const words = new Int32Array(control)
  const own = ${word.helpers} + helper * ${helperWords}
  const bit = ${gate.firstHelper} << helper
  const host = { memory, ${ownFunctions.join()} }
  for (const name of '${mathNames.join(' ')}'.split(' ')) host[name] = Math[name]
  const kernels = []
  let seen = 0
  let offset = 0
  let inside = false

  const readLog = () => {
    while (seen !== Atomics.load(words, ${word.loaded})) {
      if (seen === Atomics.load(words, ${word.base})) offset = 0
      const size = new DataView(log).getUint32(offset, true)
      const bytes = new Uint8Array(log, offset + 8, size).slice()
      offset += 8 + Math.ceil(size / 8) * 8
      Atomics.store(words, own + ${helperWord.seen}, ++seen)
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { host })
      for (const id of Object.keys(exports)) kernels[id] = exports[id]
    }
  }

  const work = () => {
    const kernel = kernels[words[${word.kernel}]]
    if (!kernel) return
    const args = words[${word.args}]
    const units = words[${word.units}]
    const grain = words[${word.grain}]
    const chunks = words[${word.chunks}]
    const scratch = words[own + ${helperWord.scratch}]
    let chunk
    while ((chunk = Atomics.add(words, ${word.next}, 1)) < chunks) {
      const begin = chunk * grain
      kernel(args, begin, Math.min(begin + grain, units), scratch)
    }
  }

  const leave = () => {
    const before = Atomics.and(words, ${word.gate}, ~bit)
    if (before & ${gate.callerSleeps}) Atomics.notify(words, ${word.gate})
  }

  const fail = error => {
    const message = String(error).slice(0, ${messageLimit})
    for (let i = 0; i < message.length; i++) words[own + ${helperWord.message} + i] = message.charCodeAt(i)
    words[own + ${helperWord.messageLength}] = message.length
    Atomics.store(words, own + ${helperWord.failed}, inside ? ${failed.inCommand} : ${failed.idle})
    Atomics.add(words, ${word.failures}, 1)
  }

  const loop = () => {
    for (;;) {
      const epoch = Atomics.load(words, ${word.epoch})
      readLog()
      const state = Atomics.load(words, ${word.gate})
      if (state & ${gate.open}) {
        if (Atomics.compareExchange(words, ${word.gate}, state, state | bit) !== state) continue
        inside = true
        work()
        inside = false
        leave()
      }
      let left = spins
      while (left > 0 && Atomics.load(words, ${word.epoch}) === epoch) left--
      if (left > 0) continue
      Atomics.add(words, ${word.sleepers}, 1)
      Atomics.wait(words, ${word.epoch}, epoch)
      Atomics.sub(words, ${word.sleepers}, 1)
    }
  }

  try {
    loop()
  } catch (error) {
    fail(error)
    leave()
  }
}
const node = typeof process === 'object' && process.getBuiltinModule
if (node) help(process.getBuiltinModule('node:worker_threads').workerData)
else addEventListener('message', event => help(event.data))
`
