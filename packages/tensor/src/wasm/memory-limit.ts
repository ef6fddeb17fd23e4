import { bytesPerElement } from '../dtype.ts'
import { SurprisalError } from '../error.ts'
import { shapeText, sizeOf } from '../shape.ts'
import type { Arena } from './arena.ts'
import type { CompiledPlan } from './compiled-plan.ts'

const mebibytes = (bytes: number): string => `${Number((bytes / 2 ** 20).toFixed(1))} MiB`

/**
 * Refuses a plan before it runs when what it needs beside what is in use exceeds the limit.
 * @throws {SurprisalError} `memory`
 */
export function checkLimit({ source, temporaryBytes, scratchBytes }: CompiledPlan, arena: Arena, op: string): void {
  const { values, steps, outputs } = source
  const bytesOf = (value: number): number => {
    const { shape, dtype } = values[value].node
    return sizeOf(shape) * bytesPerElement[dtype]
  }
  let needs = arena.usage.used + temporaryBytes + scratchBytes
  for (const output of outputs) needs += bytesOf(output)
  if (needs <= arena.limit) return
  let largest = outputs[0]
  for (const { makes } of steps) for (const value of makes) if (bytesOf(value) > bytesOf(largest)) largest = value
  const { node } = values[largest]
  throw new SurprisalError(
    'memory',
    `${op}: plan needs ${mebibytes(needs)}, limit is ${mebibytes(arena.limit)} (largest: ${node.op} ${shapeText(node.shape)} ${mebibytes(bytesOf(largest))})`,
  )
}
