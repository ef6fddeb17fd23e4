import { roundUp } from './blocking.ts'

/** Deals out a thread's scratch memory, 64-byte aligned. */
export class Scratch {
  bytes: number

  /** @param reserved bytes at the start that the kernel uses by itself */
  constructor(reserved: number) {
    this.bytes = roundUp(reserved, 64)
  }

  /** Room for so many numbers of 4 bytes, and a vector behind them that may be read. */
  take(numbers: number): number {
    const at = this.bytes
    this.bytes += roundUp(numbers * 4 + 16, 64)
    return at
  }

  /** Tables for blocks of lines and of steps of depth, and their panels. */
  operand<Name extends 'a' | 'b'>(name: Name, lines: number, steps: number, panels: number) {
    return {
      [`${name}Lines`]: this.take(lines + 8),
      [`${name}Steps`]: this.take(steps),
      [`${name}Panels`]: panels === 0 ? 0 : this.take(panels),
    } as Record<`${Name}${'Lines' | 'Steps' | 'Panels'}`, number>
  }
}
