import { SurprisalError } from '@surprisal/tensor'
import { describe } from '../_shared/describe.ts'

/** A value of a tokenizer.json that knows its path, so that every complaint can name it. */
export class JsonField {
  readonly value: unknown
  readonly path: string

  constructor(value: unknown, path = '') {
    this.value = value
    this.path = path
  }

  /** The field `key` of an object. */
  get(key: string): JsonField {
    this.object()
    const path = this.path === '' ? key : `${this.path}.${key}`
    return new JsonField(
      Object.hasOwn(this.value as object, key) ? (this.value as Record<string, unknown>)[key] : undefined,
      path,
    )
  }

  /** Whether there is nothing, or null. */
  get absent(): boolean {
    return this.value === undefined || this.value === null
  }

  object(): Record<string, unknown> {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) this.fail('be an object')
    return this.value as Record<string, unknown>
  }

  items(): JsonField[] {
    if (!Array.isArray(this.value)) this.fail('be an array')
    return (this.value as unknown[]).map((value, index) => new JsonField(value, `${this.path}[${index}]`))
  }

  string(): string {
    if (typeof this.value !== 'string') this.fail('be a string')
    return this.value as string
  }

  integer(): number {
    if (!Number.isSafeInteger(this.value) || (this.value as number) < 0) this.fail('be an integer >= 0')
    return this.value as number
  }

  /** A boolean, or `fallback` when there is nothing. */
  boolean(fallback: boolean): boolean {
    if (this.absent) return fallback
    if (typeof this.value !== 'boolean') this.fail('be true or false')
    return this.value as boolean
  }

  /** A string, or null when there is nothing. */
  stringOrNull(): string | null {
    return this.absent ? null : this.string()
  }

  /** Throws a `format` error: this field must do what `requirement` says. */
  fail(requirement: string): never {
    const name = this.path === '' ? 'json' : this.path
    throw new SurprisalError('format', `loadTokenizer: ${name} must ${requirement}, got ${describe(this.value)}`)
  }
}
