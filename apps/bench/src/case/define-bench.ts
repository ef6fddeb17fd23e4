import { SurprisalError } from '@surprisal/tensor'
import { type BenchCase, peerNames } from './bench-case.ts'

/**
 * Checks a case and returns it; the default export of a `*.bench.ts` is one case or a list of them.
 *
 * @throws {SurprisalError} `argument` for a name that is not in kebab case, a case without inputs, a variant named like
 * a peer, a target without participant, a share of the machine without the work it is a share of, bad threads, or what
 * belongs to another device
 */
export function defineBench(benchCase: BenchCase): BenchCase {
  const { case: name, inputs, variants = {}, targets = {}, limits = {}, work = {}, threads = 1 } = benchCase
  const fail = (problem: string): never => {
    throw new SurprisalError('argument', `defineBench: ${problem}`)
  }
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) fail(`case must be in kebab case, got ${name}`)
  if (Object.keys(inputs).length === 0) fail(`${name} must have inputs`)
  for (const variant of Object.keys(variants))
    if (variant === 'ours' || (peerNames as readonly string[]).includes(variant))
      fail(`${name} must not name a variant ${variant}`)
  const others = participantsOf(benchCase)
  for (const target of Object.keys(targets))
    if (!others.includes(target)) fail(`${name} has a target for ${target}, which takes no part`)
  if (limits.compute !== undefined && work.flops === undefined) fail(`${name} bounds compute without work.flops`)
  if (limits.stream !== undefined && work.bytes === undefined) fail(`${name} bounds stream without work.bytes`)
  checkDevice(benchCase, fail)
  const base = limits.temporaryBytesOf?.variant
  if (base !== undefined && !Object.hasOwn(variants, base)) fail(`${name} bounds bytes by ${base}, which is no variant`)
  for (const count of [threads, ...Object.values(variants).map(variant => variant.threads ?? 1)])
    if (!Number.isInteger(count) || count < 1) fail(`${name} must have a whole number of threads from 1, got ${count}`)
  return benchCase
}

function checkDevice(
  { case: name, device = 'wasm', inputs, onSoftware = {}, peers = {}, variants = {}, limits = {} }: BenchCase,
  fail: (problem: string) => never,
): void {
  const onGpu = [limits.counts, limits.dispatchesOf, ...Object.values(variants).map(({ fusion }) => fusion)]
  if (device === 'wasm' && onGpu.some(value => value !== undefined)) fail(`${name} bounds a GPU and has device wasm`)
  if (device === 'webgpu' && (peers.ort ?? peers.torch) !== undefined) fail(`${name} has a peer without webgpu`)
  for (const input of Object.keys(onSoftware))
    if (!Object.hasOwn(inputs, input)) fail(`${name} has no input ${input} to replace`)
  for (const other of Object.keys(limits.dispatchesOf ?? {}))
    if (other !== 'ours' && peers[other as 'tfjs'] === undefined && !Object.hasOwn(variants, other))
      fail(`${name} bounds dispatches by ${other}, which takes no part`)
}

/** Who takes part: ours first, then the peers that have a program, then the variants. */
export function participantsOf({ peers = {}, variants = {} }: BenchCase): string[] {
  return ['ours', ...peerNames.filter(peer => peers[peer] !== undefined), ...Object.keys(variants)]
}
