import { parseArgs } from 'node:util'
import { SurprisalError } from '@surprisal/tensor'
import type { ArgsDef } from 'citty'
import { type PresetName, presets } from '../model/presets.ts'

/**
 * Refuses arguments that a command does not have, which would otherwise be passed over.
 * @throws {SurprisalError} `argument` naming the one
 */
export function checkArguments(rawArgs: readonly string[], definitions: ArgsDef): void {
  const named = Object.entries(definitions).filter(([, { type }]) => type !== 'positional')
  const options = named.map(([name, { type }]) => [name, { type: type === 'boolean' ? 'boolean' : 'string' }] as const)
  const allowPositionals = named.length < Object.keys(definitions).length
  try {
    parseArgs({ args: [...rawArgs], options: Object.fromEntries(options), allowPositionals, allowNegative: true })
  } catch (cause) {
    const [problem] = (cause as Error).message.split('. ')
    throw new SurprisalError('argument', `tiny-lm: ${problem}; --help lists the options`, { cause })
  }
}

/** @throws {SurprisalError} `argument` unless the text is a number within the bounds */
export function numberOf(name: string, text: string, least: number, most = Number.POSITIVE_INFINITY): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= least && value <= most))
    throw new SurprisalError('argument', `tiny-lm: --${name} must be a number from ${least} to ${most}, got ${text}`)
  return value
}

/** @throws {SurprisalError} `argument` unless the text is a whole number within the bounds */
export function wholeNumberOf(name: string, text: string, least: number, most = 2 ** 32 - 1): number {
  const value = numberOf(name, text, least, most)
  if (!Number.isInteger(value))
    throw new SurprisalError('argument', `tiny-lm: --${name} must be a whole number, got ${text}`)
  return value
}

/** @throws {SurprisalError} `argument` for a preset that there is not */
export function presetOf(name: string): PresetName {
  if (!Object.hasOwn(presets, name))
    throw new SurprisalError('argument', `tiny-lm: --preset must be ${Object.keys(presets).join(', ')}, got ${name}`)
  return name as PresetName
}
