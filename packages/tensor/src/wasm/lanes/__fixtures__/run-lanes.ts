import { bytesPerElement, type DType, type HostArray, hostArray } from '../../../dtype.ts'
import { Assembler } from '../../assembler.ts'
import { Code, type Local } from '../../code.ts'
import { floatFromHalf, halfFromFloat } from '../../half.ts'
import { hostArity, hostFunctionNames, hostFunctions } from '../../host-functions.ts'
import { loadLanes } from '../load.ts'
import { storeLanes } from '../store.ts'

/** The elements of an operand. */
export interface Operand {
  readonly dtype: DType
  readonly data: HostArray
}

export type Body = (code: Code, operands: readonly Local[], out: Local) => void

const page = 65536
const memory = new WebAssembly.Memory({ initial: 64 })

const bufferTypes = {
  float32: Float32Array,
  float16: Uint16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  bool: Uint8Array,
}

function buffer(dtype: DType, address: number, size: number) {
  return new bufferTypes[dtype](memory.buffer, address, size)
}

/** Compiles a function of i32 parameters; `write` gets them as the locals 0, 1 ... */
export function compile(
  parameters: number,
  write: (code: Code) => void,
  relaxed = false,
): (...values: number[]) => void {
  const code = new Code(parameters, { relaxed })
  write(code)
  const assembler = new Assembler()
  assembler.importMemory('host', 'memory', { initial: 1 })
  if (code.callsHost)
    for (const name of hostFunctionNames)
      assembler.importFunction('host', name, Array(hostArity(name)).fill('f64'), ['f64'])
  assembler.add('f', Array(parameters).fill('i32'), [], code)
  const module = new WebAssembly.Module(assembler.finish())
  return new WebAssembly.Instance(module, { host: { memory, ...hostFunctions } }).exports.f as () => void
}

/** Writes an operand as its buffer holds it. */
export function writeBuffer(address: number, { dtype, data }: Operand): void {
  const target = buffer(dtype, address, data.length)
  if (dtype === 'float16') for (let i = 0; i < data.length; i++) target[i] = halfFromFloat(data[i])
  else target.set(data)
}

/** Reads `size` elements of a buffer. */
export function readBuffer(dtype: DType, address: number, size: number): HostArray {
  const out = hostArray(dtype, size)
  const source = buffer(dtype, address, size)
  if (dtype === 'float16') for (let i = 0; i < size; i++) out[i] = floatFromHalf(source[i])
  else out.set(source)
  return out
}

/** Runs `body` over operands of equal size, four lanes at a time, from padded buffers to a padded buffer. */
export function runLanes(operands: readonly Operand[], dtype: DType, body: Body, relaxed = false): HostArray {
  const size = operands[0].data.length
  const vectors = Math.ceil(size / 4)
  let end = 0
  const place = (type: DType): number => {
    const address = end
    end += Math.ceil((size * bytesPerElement[type] + 64) / 64) * 64
    return address
  }
  const addresses = operands.map(operand => place(operand.dtype))
  addresses.push(place(dtype))
  if (end > memory.buffer.byteLength) memory.grow(Math.ceil((end - memory.buffer.byteLength) / page))
  for (const [i, operand] of operands.entries()) writeBuffer(addresses[i], operand)
  const widths = [...operands.map(operand => bytesPerElement[operand.dtype]), bytesPerElement[dtype]]
  const last = operands.length
  const run = compile(
    operands.length + 2,
    code => {
      const locals = operands.map(() => code.local('v128'))
      const out = code.local('v128')
      code.repeat(last + 1, () => {
        for (const [i, operand] of operands.entries()) loadLanes(code, operand.dtype, i, 0, locals[i])
        body(code, locals, out)
        storeLanes(code, dtype, last, 0, out)
        for (const [i, width] of widths.entries())
          code
            .get(i)
            .i32(4 * width)
            .op('i32.add')
            .set(i)
      })
    },
    relaxed,
  )
  run(...addresses, vectors)
  return readBuffer(dtype, addresses[last], size)
}
