import type { Code, Local } from '../code.ts'

/** `count` vector locals for the time of `use`; they start with any value. */
export function vectors(code: Code, count: number, use: (locals: readonly Local[]) => void): void {
  const take = (locals: readonly Local[]): void => {
    if (locals.length === count) use(locals)
    else code.temporary('v128', local => take([...locals, local]))
  }
  take([])
}

/** Vector locals for the time of `use`, as many as it has parameters; they start with any value. */
export function temporaries(code: Code, use: (...locals: Local[]) => void): void {
  vectors(code, use.length, locals => use(...locals))
}
