/*
 * The control block: a shared Int32Array through which the calling thread and its helpers talk, without messages.
 * Words that several threads write lie 128 bytes apart, so that they do not slow each other down.
 */

/** Index of each word. */
export const word = {
  /** Changes with every command and every loaded module; helpers sleep on it. */
  epoch: 0,
  /** How many helpers sleep, or are about to. */
  sleepers: 32,
  /** Bits of {@link gate}. */
  gate: 64,
  /** The first chunk that nobody has taken. */
  next: 96,
  /** The command; it changes only while the gate is closed and nobody is inside. */
  kernel: 128,
  args: 129,
  units: 130,
  grain: 131,
  chunks: 132,
  /** How many modules have been put into the log. */
  loaded: 160,
  /** The number of the module at the start of the log. */
  base: 161,
  /** How many helpers have failed. */
  failures: 192,
  /** The words of the first helper. */
  helpers: 224,
} as const

/** Words of one helper, counted from its first. */
export const helperWord = {
  /** How many modules it has copied out of the log. */
  seen: 0,
  /** Pointer to its scratch memory. */
  scratch: 1,
  /** One of {@link failed}. */
  failed: 2,
  /** Length of the message of its error, which follows, one UTF-16 code unit a word. */
  messageLength: 3,
  message: 4,
} as const

export const helperWords = 256

/** What a helper was doing when it failed: nothing, or a command, whose results are then unknown. */
export const failed = { no: 0, idle: 1, inCommand: 2 } as const

/** Code units of an error's message that a helper can leave. */
export const messageLimit = helperWords - helperWord.message

/**
 * Bits of the gate. A helper goes in only while it is open and before it reads the command, and the calling thread
 * changes the command only when all have left: a late helper never mixes two commands, however late it is.
 */
export const gate = { open: 1, callerSleeps: 2, firstHelper: 4 } as const

/** So many that the bits of the gate stay positive in an Int32. */
export const maximumHelpers = 28

export const gateBit = (helper: number): number => gate.firstHelper << helper

export const helperAt = (helper: number): number => word.helpers + helper * helperWords

export const createControl = (helpers: number): Int32Array<SharedArrayBuffer> =>
  new Int32Array(new SharedArrayBuffer(helperAt(helpers) * 4))

/** The failure of one helper. */
export interface Failure {
  readonly cause: Error
  readonly inCommand: boolean
}

/** What a helper left when it failed, or null while it has not. */
export function failureOf(control: Int32Array, helper: number): Failure | null {
  const at = helperAt(helper)
  const state = Atomics.load(control, at + helperWord.failed)
  if (state === failed.no) return null
  const start = at + helperWord.message
  const message = control.subarray(start, start + control[at + helperWord.messageLength])
  return { cause: new Error(String.fromCharCode(...message)), inCommand: state === failed.inCommand }
}
