import { type HostFunction, hostFunctionNames } from './host-functions.ts'
import { pushSigned, pushUnsigned } from './leb128.ts'
import {
  type LaneOperation,
  laneOpcodes,
  type MemoryLaneOperation,
  type MemoryOperation,
  memoryLaneOpcodes,
  memoryOpcodes,
  type Operation,
  opcodes,
} from './opcodes.ts'

/** Types of parameters, results and locals. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128'

export const typeCodes: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b }

/** A parameter or local of the function that is being written. */
export type Local = number

/** Options of {@link Code}. */
export interface CodeOptions {
  readonly relaxed?: boolean
}

/** The target of a branch: the end of a block or the start of a loop. */
export interface Label {
  readonly depth: number
}

const scratch = new DataView(new ArrayBuffer(8))

/**
 * Writes the body of one function, an instruction per call, in the order of the stack machine:
 * `code.get(x).get(y).op('f32x4.add').set(z)`. It does not check types; `WebAssembly.Module` does.
 */
export class Code {
  readonly bytes: number[] = []
  readonly locals: ValueType[] = []
  /** Sets the constants; stands in front of `bytes`. */
  readonly prologue: number[] = []
  /** Whether it calls functions of the host. */
  callsHost = false
  readonly #parameters: number
  readonly #relaxed: boolean
  readonly #constants = new Map<string, Local>()
  readonly #free = new Map<ValueType, Local[]>()
  #depth = 0

  /**
   * @param parameters how many the function has
   * @param options `relaxed`: use the fused multiply-add of relaxed SIMD. Default: false
   */
  constructor(parameters: number, options: CodeOptions = {}) {
    this.#parameters = parameters
    this.#relaxed = options.relaxed ?? false
  }

  /** Declares a local; it starts as zero. */
  local(type: ValueType): Local {
    this.locals.push(type)
    return this.#parameters + this.locals.length - 1
  }

  /** A local for the time of `use`; the next one may be the same, so it starts with any value. */
  temporary(type: ValueType, use: (local: Local) => void): this {
    const local = this.#free.get(type)?.pop() ?? this.local(type)
    use(local)
    const free = this.#free.get(type)
    if (free) free.push(local)
    else this.#free.set(type, [local])
    return this
  }

  /** A local that holds four equal floats from the start: engines do not move constants out of loops. */
  floats(value: number): Local {
    const key = Object.is(value, -0) ? 'f-0' : `f${value}`
    return this.#constant(key, code => code.f32x4(value))
  }

  /** A local that holds four equal integers from the start. */
  ints(value: number): Local {
    return this.#constant(`i${value | 0}`, code => code.i32x4(value))
  }

  #constant(key: string, write: (code: Code) => void): Local {
    const known = this.#constants.get(key)
    if (known !== undefined) return known
    const local = this.local('v128')
    const code = new Code(this.#parameters)
    write(code)
    code.set(local)
    this.prologue.push(...code.bytes)
    this.#constants.set(key, local)
    return local
  }

  get(local: Local): this {
    return this.#immediate(0x20, local)
  }

  /** Pops into a local. */
  set(local: Local): this {
    return this.#immediate(0x21, local)
  }

  /** Copies the top of the stack into a local. */
  tee(local: Local): this {
    return this.#immediate(0x22, local)
  }

  /** An instruction without immediates. */
  op(name: Operation): this {
    return this.#opcode(opcodes[name])
  }

  /** Multiplies the four floats on the stack by `factor` and adds `term`: one step of Horner's scheme. */
  timesPlus(factor: Local, term: Local): this {
    if (this.#relaxed) return this.get(factor).get(term).op('f32x4.relaxed_madd')
    return this.get(factor).op('f32x4.mul').get(term).op('f32x4.add')
  }

  /** A load or store; `offset` in bytes is added to the address on the stack. */
  memory(name: MemoryOperation, offset = 0): this {
    const [opcode, alignment] = memoryOpcodes[name]
    return this.#opcode(opcode).#unsigned(alignment).#unsigned(offset)
  }

  /** Extracts or replaces one lane. */
  lane(name: LaneOperation, lane: number): this {
    return this.#opcode(laneOpcodes[name]).#unsigned(lane)
  }

  /** Loads or stores one lane. */
  memoryLane(name: MemoryLaneOperation, lane: number, offset = 0): this {
    const [opcode, alignment] = memoryLaneOpcodes[name]
    return this.#opcode(opcode).#unsigned(alignment).#unsigned(offset).#unsigned(lane)
  }

  /** Picks 16 bytes of the 32 of two vectors. */
  shuffle(lanes: readonly number[]): this {
    this.#opcode(0xfd00d).bytes.push(...lanes)
    return this
  }

  i32(value: number): this {
    this.bytes.push(0x41)
    pushSigned(this.bytes, value | 0)
    return this
  }

  i64(value: number | bigint): this {
    this.bytes.push(0x42)
    pushSigned(this.bytes, BigInt.asIntN(64, BigInt(value)))
    return this
  }

  f32(value: number): this {
    scratch.setFloat32(0, value, true)
    this.bytes.push(0x43)
    return this.#scratchBytes(4)
  }

  f64(value: number): this {
    scratch.setFloat64(0, value, true)
    this.bytes.push(0x44)
    return this.#scratchBytes(8)
  }

  /** A vector constant of four 32-bit integers. */
  i32x4(a: number, b = a, c = a, d = a): this {
    this.#opcode(0xfd00c)
    for (const lane of [a, b, c, d]) {
      scratch.setInt32(0, lane, true)
      this.#scratchBytes(4)
    }
    return this
  }

  /** A vector constant of four 32-bit floats. */
  f32x4(a: number, b = a, c = a, d = a): this {
    this.#opcode(0xfd00c)
    for (const lane of [a, b, c, d]) {
      scratch.setFloat32(0, lane, true)
      this.#scratchBytes(4)
    }
    return this
  }

  /** A block; a branch to its label leaves it. */
  block(body: (end: Label) => void): this {
    return this.#nested(0x02, body)
  }

  /** A loop; a branch to its label repeats it, otherwise it ends. */
  loop(body: (start: Label) => void): this {
    return this.#nested(0x03, body)
  }

  /** Pops a condition; the branches leave values of `result` type on the stack when it is given. */
  if(then: () => void, otherwise?: () => void, result?: ValueType): this {
    return this.#nested(
      0x04,
      () => {
        then()
        if (!otherwise) return
        this.bytes.push(0x05)
        otherwise()
      },
      result,
    )
  }

  /** Runs the body `counter` times, at least once, counting the local down to zero. */
  repeat(counter: Local, body: () => void): this {
    return this.loop(start => {
      body()
      this.get(counter).i32(1).op('i32.sub').tee(counter).branchIf(start)
    })
  }

  branch(label: Label): this {
    return this.#immediate(0x0c, this.#depth - label.depth)
  }

  /** Pops a condition and branches where it is not zero. */
  branchIf(label: Label): this {
    return this.#immediate(0x0d, this.#depth - label.depth)
  }

  return(): this {
    this.bytes.push(0x0f)
    return this
  }

  /** Calls a function by the index that the module builder gave. */
  call(index: number): this {
    return this.#immediate(0x10, index)
  }

  /** Calls a function of the host on float64 values. */
  callHost(name: HostFunction): this {
    this.callsHost = true
    return this.call(hostFunctionNames.indexOf(name))
  }

  drop(): this {
    this.bytes.push(0x1a)
    return this
  }

  /** Pops condition, b and a; leaves a where the condition is not zero. Numeric types only. */
  select(): this {
    this.bytes.push(0x1b)
    return this
  }

  #nested(opcode: number, body: (label: Label) => void, result?: ValueType): this {
    this.bytes.push(opcode, result ? typeCodes[result] : 0x40)
    this.#depth += 1
    body({ depth: this.#depth })
    this.#depth -= 1
    this.bytes.push(0x0b)
    return this
  }

  #immediate(opcode: number, value: number): this {
    this.bytes.push(opcode)
    return this.#unsigned(value)
  }

  #opcode(opcode: number): this {
    if (opcode <= 0xff) this.bytes.push(opcode)
    else {
      this.bytes.push(opcode >> 12)
      pushUnsigned(this.bytes, opcode & 0xfff)
    }
    return this
  }

  #unsigned(value: number): this {
    pushUnsigned(this.bytes, value)
    return this
  }

  #scratchBytes(count: number): this {
    for (let i = 0; i < count; i++) this.bytes.push(scratch.getUint8(i))
    return this
  }
}
