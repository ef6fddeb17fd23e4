import { Assembler } from './assembler.ts'

function accepts(write: (assembler: Assembler) => void): boolean {
  if (typeof WebAssembly === 'undefined') return false
  const assembler = new Assembler()
  write(assembler)
  return WebAssembly.validate(assembler.finish())
}

/** Whether the runtime has 128-bit vectors. */
export const supportsSimd = (): boolean =>
  accepts(assembler => assembler.function('f', [], ['v128'], code => code.f32x4(0)))

/** Whether it also has the fused multiply-add of relaxed SIMD. */
export const supportsRelaxed = (): boolean =>
  accepts(assembler =>
    assembler.function('f', [], ['v128'], code => code.f32x4(0).f32x4(0).f32x4(0).op('f32x4.relaxed_madd')),
  )
