import type { DType } from '../../dtype.ts'
import { SurprisalError } from '../../error.ts'
import type { Group, Instruction } from '../../fusion/group.ts'
import type { Local } from '../code.ts'
import { roundToHalves } from '../lanes/half.ts'
import { emitBinary, emitCast, emitSelect, emitUnary } from '../lanes/index.ts'
import type { Frame } from './frame.ts'

/** Computes a value from numbers and other values; float16 results are rounded to halves. */
export function emitCompute(
  frame: Frame,
  { instructions }: Group,
  instruction: Instruction,
  value: (i: number) => Local,
  out: Local,
): void {
  const { code } = frame
  const { dtype } = instruction
  switch (instruction.kind) {
    case 'constant':
      code.get(constant(frame, dtype, instruction.value)).set(out)
      return
    case 'scalar':
      code.get(0).memory('v128.load32_splat', frame.scalar(instruction.slot))
      if (dtype === 'bool') code.op('i32x4.neg')
      code.set(out)
      return
    case 'unary':
      emitUnary(code, instruction.f, instructions[instruction.x].dtype, value(instruction.x), out)
      break
    case 'binary':
      emitBinary(
        code,
        instruction.f,
        instructions[instruction.a].dtype,
        value(instruction.a),
        value(instruction.b),
        out,
      )
      break
    case 'select':
      emitSelect(code, value(instruction.condition), value(instruction.a), value(instruction.b), out)
      return
    case 'cast':
      emitCast(code, instructions[instruction.x].dtype, dtype, value(instruction.x), out)
      return
    default:
      throw new SurprisalError('argument', `emitCompute: there is no code for ${instruction.kind} here`)
  }
  if (dtype === 'float16') roundToHalves(code, out, out)
}

/** A local of equal lanes. */
function constant({ code }: Frame, dtype: DType, value: number): Local {
  if (dtype === 'float32' || dtype === 'float16') return code.floats(value)
  return code.ints(dtype === 'bool' ? -Number(value !== 0) : value)
}
