import type { BinaryName, UnaryName } from '../../graph/node.ts'
import type { Code, Local } from '../code.ts'

/** Writes one function of four lanes; `out` may be the operand. */
export type UnaryEmitter = (code: Code, x: Local, out: Local) => void

/** Writes one function of two operands of four lanes; `out` may be one of them. */
export type BinaryEmitter = (code: Code, a: Local, b: Local, out: Local) => void

export type UnaryEmitters = Readonly<Partial<Record<UnaryName, UnaryEmitter>>>
export type BinaryEmitters = Readonly<Partial<Record<BinaryName, BinaryEmitter>>>
