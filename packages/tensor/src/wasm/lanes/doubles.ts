import { Code, type Local } from '../code.ts'

const words = new DataView(new ArrayBuffer(8))
const known = new WeakMap<Code, Map<number, Local>>()

/** A local that holds two equal float64 numbers from the start, as `code.floats` does with four float32. */
export function doubles(code: Code, value: number): Local {
  const locals = known.get(code) ?? new Map<number, Local>()
  known.set(code, locals)
  const local = locals.get(value) ?? code.local('v128')
  if (locals.has(value)) return local
  words.setFloat64(0, value, true)
  const low = words.getInt32(0, true)
  const high = words.getInt32(4, true)
  code.prologue.push(...new Code(0).i32x4(low, high, low, high).set(local).bytes)
  locals.set(value, local)
  return local
}
