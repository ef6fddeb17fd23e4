import type { Backend } from './devices/backend.ts'
import type { HostArray } from './dtype.ts'
import { SurprisalError } from './error.ts'
import type { Node } from './graph/node.ts'

/** Where a tensor's values are computed. */
export type Device = 'cpu' | 'webgpu'

/** What reads do when there are devices beside the CPU. */
export interface OtherDevices {
  has(device: Device): boolean
  /** Whether nodes, or what they wait for, need another device than the CPU. */
  concerns(nodes: readonly Node[]): boolean
  compute(nodes: readonly Node[], op: string): Promise<void>
  /** The elements of a node, computed if need be, as a copy. */
  read(node: Node, op: string): Promise<HostArray>
  /** What computes on a device beside the CPU. */
  backendOf(device: Device): Backend
}

/** A device as a bit, so that those of several values are joined by an or; no bit is any device. */
export const placeOf = (device: Device): number => (device === 'cpu' ? 1 : 2)

/** The device of a bit, null for none. */
export const deviceAt = (place: number): Device | null => (place === 0 ? null : place === 1 ? 'cpu' : 'webgpu')

let others: OtherDevices | null = null
let preferred: Device = 'cpu'

/** Sets what knows of devices beside the CPU. */
export function setOtherDevices(devices: OtherDevices): void {
  others = devices
}

/** Null where there is the CPU alone. */
export const otherDevices = (): OtherDevices | null => others

/** The device of tensors that are made without saying one. */
export const defaultDevice = (): Device => preferred

/**
 * Throws unless `device` can be used.
 * @throws {SurprisalError} `device`
 */
export function checkDevice(op: string, device: Device): void {
  if (device === 'cpu' || others?.has(device)) return
  const hint = device === 'webgpu' ? " (await useDevice('webgpu') of @surprisal/webgpu-runtime first)" : ''
  throw new SurprisalError('device', `${op}: device must be cpu, got ${String(device)}${hint}`)
}

/**
 * Sets the device of tensors that are made without saying one, and where what has no device of its own (numbers, ranges,
 * random draws) is computed.
 * @throws {SurprisalError} `device` for one that does not exist or has not been set up
 */
export function setDefaultDevice(device: Device): void {
  checkDevice('setDefaultDevice', device)
  preferred = device
}

/** Resolves when the default device can compute. The CPU always can, and others can when they have been set up. */
export const ready = async (): Promise<void> => {}
