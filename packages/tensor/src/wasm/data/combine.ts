import type { DType } from '../../dtype.ts'
import type { ScatterName } from '../../graph/node.ts'
import type { Code, Local } from '../code.ts'

/** Pops b and a, as `loadElement` gives them (floats may be float64), and pushes what they come to. */
export function writeCombine(code: Code, f: ScatterName, dtype: DType, wide = false): void {
  if (f === 'set') {
    code.temporary('i32', b => code.set(b).drop().get(b))
    return
  }
  if (dtype === 'float32') {
    code.op(`${wide ? 'f64' : 'f32'}.${f}`)
    return
  }
  if (dtype === 'bool') {
    code.op(f === 'add' || f === 'max' ? 'i32.or' : 'i32.and')
    return
  }
  if (f === 'add' || f === 'mul') {
    code.op(`i32.${f}`)
    return
  }
  code.temporary('i32', b =>
    code.temporary('i32', a => {
      code.set(b).set(a)
      pickInteger(code, f, a, b)
    }),
  )
}

const pickInteger = (code: Code, f: 'max' | 'min', a: Local, b: Local): Code =>
  code
    .get(a)
    .get(b)
    .get(a)
    .get(b)
    .op(f === 'max' ? 'i32.ge_s' : 'i32.le_s')
    .select()
