import { SurprisalError } from './error.ts'

/** Where a tensor's values are computed. */
export type Device = 'cpu'

/** Throws unless `device` exists. */
export function checkDevice(op: string, device: Device): void {
  if (device !== 'cpu') throw new SurprisalError('device', `${op}: device must be cpu, got ${String(device)}`)
}

/**
 * The device of tensors that are made without saying one.
 * @throws {SurprisalError} `device` for one that does not exist
 */
export const setDefaultDevice = (device: Device): void => checkDevice('setDefaultDevice', device)

/** Resolves when the default device can compute, also at once by `dataSync()`. The CPU always can. */
export const ready = async (): Promise<void> => {}
