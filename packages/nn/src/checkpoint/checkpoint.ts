import { type Module, SurprisalError, type Tensor } from '@surprisal/tensor'
import type { EMA } from '../optim/ema.ts'
import type { TrainingOptimizer } from '../optim/optimizer.ts'
import { crc32 } from './crc32.ts'
import { requireModelState } from './model-state.ts'
import { inspectSafetensors, readSafetensors } from './read-safetensors.ts'
import { writeSafetensors } from './write-safetensors.ts'

/** What a checkpoint holds; all parts are optional. */
export interface CheckpointParts {
  model?: Module
  optimizer?: TrainingOptimizer
  ema?: EMA
}

type Tensors = Readonly<Record<string, Tensor>>

const prefixed = (prefix: string, tensors: Tensors): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(tensors).map(([name, value]) => [`${prefix}.${name}`, value]))

function withoutPrefix(prefix: string, tensors: Tensors): Record<string, Tensor> {
  const own = Object.entries(tensors).filter(([name]) => name.startsWith(`${prefix}.`))
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length + 1), value]))
}

const unknownSum = '00000000'
const sumField = (sum: string): string => `"crc32":"${sum}"`

/** Puts the checksum of the data into the header, where its place has been kept. */
function sealed(file: Uint8Array): Uint8Array {
  const { dataStart } = inspectSafetensors(file)
  const text = new TextDecoder('latin1').decode(file.subarray(0, dataStart))
  const place = text.indexOf(sumField(unknownSum))
  file.set(new TextEncoder().encode(sumField(crc32(file.subarray(dataStart)))), place)
  return file
}

/**
 * One safetensors file of a training that can go on from it: tensors `model.*`, `optimizer.*` and `ema.*`, and the
 * counts of steps and a checksum of the data in the metadata.
 * @param metadata strings of your own, such as the position in the data; `optimizer.step`, `ema.step` and `crc32` are
 * taken
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
  const own = {
    ...(moves ? { 'optimizer.step': String(moves.step) } : {}),
    ...(averages ? { 'ema.step': String(averages.step) } : {}),
    crc32: unknownSum,
  }
  return sealed(await writeSafetensors(tensors, { metadata: { ...metadata, ...own } }))
}

/** Loads several parts, or none of them. */
function loadTogether({ model, optimizer, ema }: CheckpointParts, load: () => void): void {
  const before = { model: model?.stateDict(), optimizer: optimizer?.stateDict(), ema: ema?.stateDict() }
  try {
    load()
  } catch (error) {
    if (before.model) model?.loadStateDict(before.model)
    if (before.optimizer) optimizer?.loadStateDict(before.optimizer)
    if (before.ema) ema?.loadStateDict(before.ema)
    throw error
  }
}

/**
 * Puts a checkpoint back into the parts that wrote it. Nothing is changed when it throws.
 * @returns the metadata of the file
 * @throws {SurprisalError} `format` for a file that is damaged or lacks a part, `argument` for one of another model,
 * listing missing, unexpected and mis-shaped keys, and what the parts throw
 */
export function readCheckpoint(bytes: Uint8Array, parts: CheckpointParts): Record<string, string> {
  const { model, optimizer, ema } = parts
  const { metadata, dataStart } = inspectSafetensors(bytes)
  const { crc32: sum, ...own } = metadata
  if (sum !== undefined && sum !== crc32(bytes.subarray(dataStart)))
    throw new SurprisalError('format', 'readCheckpoint: data must have the checksum of the header, the file is damaged')
  const tensors = readSafetensors(bytes)
  const stepOf = (part: string): number => {
    const step = metadata[`${part}.step`]
    if (step === undefined) throw new SurprisalError('format', `readCheckpoint: file must hold ${part}, got none`)
    return Number(step)
  }
  const moves = optimizer && { step: stepOf('optimizer'), tensors: withoutPrefix('optimizer', tensors) }
  const averages = ema && { step: stepOf('ema'), tensors: withoutPrefix('ema', tensors) }
  const weights = withoutPrefix('model', tensors)
  if (model) requireModelState('readCheckpoint', model, weights)
  loadTogether(parts, () => {
    model?.loadStateDict(weights)
    if (moves) optimizer.loadStateDict(moves)
    if (averages) ema.loadStateDict(averages)
  })
  return own
}
