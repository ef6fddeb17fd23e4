import { type Module, SurprisalError, type Tensor } from '@surprisal/tensor'
import type { EMA } from '../optim/ema.ts'
import type { Optimizer } from '../optim/optimizer.ts'
import { inspectSafetensors, readSafetensors } from './read-safetensors.ts'
import { writeSafetensors } from './write-safetensors.ts'

/** What a checkpoint holds; all parts are optional. */
export interface CheckpointParts {
  model?: Module
  optimizer?: Optimizer
  ema?: EMA
}

type Tensors = Readonly<Record<string, Tensor>>

const prefixed = (prefix: string, tensors: Tensors): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, value]) => [`${prefix}.${name}`, value]))

function withoutPrefix(prefix: string, tensors: Tensors): Record<string, Tensor> {
  const own = Object.entries(tensors).filter(([name]) => name.startsWith(`${prefix}.`))
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length + 1), value]))
}

/**
 * One safetensors file of a training that can go on from it: tensors `model.*`, `optimizer.*` and `ema.*`, and the
 * counts of steps in the metadata.
 * @param metadata strings of your own, such as the position in the data; `optimizer.step` and `ema.step` are taken
 */
export async function writeCheckpoint(
  { model, optimizer, ema }: CheckpointParts,
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  const [moves, averages] = [optimizer?.stateDict(), ema?.stateDict()]
  const tensors = {
    ...prefixed('model', model?.stateDict() ?? {}),
    ...prefixed('optimizer', moves?.tensors ?? {}),
    ...prefixed('ema', averages?.tensors ?? {}),
  }
  const steps = {
    ...(moves ? { 'optimizer.step': String(moves.step) } : {}),
    ...(averages ? { 'ema.step': String(averages.step) } : {}),
  }
  return writeSafetensors(tensors, { metadata: { ...metadata, ...steps } })
}

/**
 * Puts a checkpoint back into the parts that wrote it.
 * @returns the metadata of the file
 * @throws {SurprisalError} `format` for a file that is damaged or lacks a part, and what the parts throw
 */
export function readCheckpoint(bytes: Uint8Array, { model, optimizer, ema }: CheckpointParts): Record<string, string> {
  const { metadata } = inspectSafetensors(bytes)
  const tensors = readSafetensors(bytes)
  const stepOf = (part: string): number => {
    const step = metadata[`${part}.step`]
    if (step === undefined) throw new SurprisalError('format', `readCheckpoint: file must hold ${part}, got none`)
    return Number(step)
  }
  const moves = optimizer && { step: stepOf('optimizer'), tensors: withoutPrefix('optimizer', tensors) }
  const averages = ema && { step: stepOf('ema'), tensors: withoutPrefix('ema', tensors) }
  model?.loadStateDict(withoutPrefix('model', tensors))
  if (moves) optimizer.loadStateDict(moves)
  if (averages) ema.loadStateDict(averages)
  return { ...metadata }
}
