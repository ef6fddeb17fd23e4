import { Assembler } from '../../assembler.ts'
import type { Code } from '../../code.ts'
import { hostArity, hostFunctionNames, hostFunctions } from '../../host-functions.ts'
import type { KernelCall } from '../../kernel-cache.ts'
import { kernelParameters } from '../../lowered.ts'

const memoryLimits = { initial: 1, maximum: 65536, shared: true }

export const sharedMemory = (pages = 1): WebAssembly.Memory =>
  new WebAssembly.Memory({ ...memoryLimits, initial: pages })

/** The bytes of a module with one kernel, exported under its number. */
export function kernelModule(id: number, write: (code: Code) => void): Uint8Array<ArrayBuffer> {
  const assembler = new Assembler()
  assembler.importMemory('host', 'memory', memoryLimits)
  for (const name of hostFunctionNames)
    assembler.importFunction('host', name, Array<'f64'>(hostArity(name)).fill('f64'), ['f64'])
  assembler.function(String(id), kernelParameters, [], write)
  return assembler.finish()
}

/** The kernel of a module, for this thread. */
export function compileKernel(bytes: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory, id: number): KernelCall {
  const host = { memory, ...hostFunctions }
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { host })
  return exports[id] as KernelCall
}

/** Calls `body` with a local that goes from `begin` to `end`. */
function forUnits(code: Code, body: (unit: number) => void): void {
  const [, begin, end] = [0, 1, 2]
  code.block(done => {
    code.loop(start => {
      code.get(begin).get(end).op('i32.ge_u').branchIf(done)
      body(begin)
      code.get(begin).i32(1).op('i32.add').set(begin)
      code.branch(start)
    })
  })
}

/** The address of the element of a unit: the block holds a pointer first. */
const element = (code: Code, unit: number) =>
  code.get(0).memory('i32.load').get(unit).i32(4).op('i32.mul').op('i32.add')

/** `out[u] += value * (u + 1)`, where the block is `out, value`: shows units that are done twice or never. */
export function writeAdd(code: Code): void {
  forUnits(code, unit => {
    element(code, unit)
    element(code, unit).memory('i32.load')
    code.get(0).memory('i32.load', 4).get(unit).i32(1).op('i32.add').op('i32.mul')
    code.op('i32.add').memory('i32.store')
  })
}

/** `out[u] = scratch`. */
export function writeScratch(code: Code): void {
  forUnits(code, unit => {
    element(code, unit)
    code.get(3).memory('i32.store')
  })
}

/** `out[u] = value / scratch`: fails where the scratch is 0. */
export function writeDivide(code: Code): void {
  forUnits(code, unit => {
    element(code, unit)
    code.get(0).memory('i32.load', 4).get(3).op('i32.div_s').memory('i32.store')
  })
}

/** `out[u] = trunc(1000 * fmod(atan(u), 0.3))` with functions of the host. */
export function writeHost(code: Code): void {
  forUnits(code, unit => {
    element(code, unit)
    code.get(unit).op('f64.convert_i32_u').callHost('atan').f64(0.3).callHost('fmod')
    code.f64(1000).op('f64.mul').op('i32.trunc_sat_f64_s').memory('i32.store')
  })
}
