import { Assembler } from '../../assembler.ts'
import { Code } from '../../code.ts'

/** Compiles one function of i32 parameters, given as locals, over a memory of its own. */
export function compile(
  parameters: number,
  write: (code: Code, locals: number[]) => void,
): { call: (...values: number[]) => void; ints: Int32Array; bytes: Uint8Array; floats: Float32Array } {
  const memory = new WebAssembly.Memory({ initial: 2 })
  const assembler = new Assembler()
  assembler.importMemory('host', 'memory', { initial: 0 })
  const code = new Code(parameters)
  write(
    code,
    Array.from({ length: parameters }, (_, i) => i),
  )
  assembler.add('run', new Array(parameters).fill('i32'), [], code)
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assembler.finish()), { host: { memory } })
  return {
    call: exports.run as (...values: number[]) => void,
    ints: new Int32Array(memory.buffer),
    bytes: new Uint8Array(memory.buffer),
    floats: new Float32Array(memory.buffer),
  }
}
