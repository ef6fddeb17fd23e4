/** What kind of mistake or failure a {@link SurprisalError} reports. */
export type ErrorCode = 'shape' | 'dtype' | 'argument' | 'index' | 'device' | 'disposed' | 'memory' | 'format' | 'io'

/**
 * The one error class of every Surprisal package. The message reads `function: what must hold, what came`;
 * `code` lets a program tell the kinds apart without reading it.
 */
export class SurprisalError extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SurprisalError'
    this.code = code
  }
}
