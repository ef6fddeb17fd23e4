import * as tensorModule from '@surprisal/tensor'
import { gradients, SurprisalError, Tensor } from '@surprisal/tensor'
import { compareValues } from './compare.ts'
import { revive, type Tolerance, type VectorCase } from './format.ts'

/** What a package exports, as the runner sees it. */
export type Exports = Record<string, unknown>

export type Outcome =
  | { readonly status: 'passed' }
  | { readonly status: 'failed'; readonly problems: string[] }
  | { readonly status: 'notBuilt'; readonly missing: string }

const ops = tensorModule as unknown as Record<string, (...args: unknown[]) => unknown>

function missingFunction(entry: VectorCase, exports: Exports): string | null {
  if (entry.call !== undefined)
    return Object.hasOwn(exports, entry.call) && typeof exports[entry.call] === 'function' ? null : entry.call
  const missing = (entry.program ?? []).find(([, op]) => typeof ops[op] !== 'function')
  return missing ? missing[1] : null
}

function runProgram(entry: VectorCase, inputs: Record<string, unknown>): unknown {
  const known: Record<string, unknown> = { ...inputs }
  const argument = (value: unknown): unknown => {
    if (typeof value === 'string' && Object.hasOwn(known, value)) return known[value]
    return Array.isArray(value) ? value.map(argument) : revive(value)
  }
  for (const [name, op, ...args] of entry.program ?? []) known[name] = ops[op](...args.map(argument))
  return known[entry.output ?? '']
}

/** Scalar of which `expect.grad` is the gradient. */
function differentiated(value: unknown, weight: unknown): Tensor {
  const weighted = (part: Tensor, by: unknown): Tensor => (by instanceof Tensor ? part.mul(by) : part).sum()
  if (value instanceof Tensor) return weighted(value, weight)
  const fields = Object.entries(value as Record<string, unknown>)
  if (weight && !(weight instanceof Tensor))
    return Object.entries(weight as Record<string, unknown>)
      .map(([key, by]) => weighted((value as Record<string, Tensor>)[key], by))
      .reduce((a, b) => a.add(b))
  const first = fields.find(([, part]) => part instanceof Tensor && part.dtype.startsWith('float'))
  if (!first) throw new SurprisalError('argument', 'vectors: the result has no float tensor to differentiate')
  return weighted(first[1] as Tensor, weight)
}

/** Reads every tensor of a result. */
async function readAll(value: unknown): Promise<void> {
  if (value instanceof Tensor) await value.data()
  else if (Array.isArray(value) || Object.getPrototypeOf(Object(value)) === Object.prototype)
    for (const part of Object.values(value as object)) await readAll(await part)
}

async function checkThrows(entry: VectorCase, call: () => unknown): Promise<string[]> {
  const part = entry.expect.throws as string
  try {
    const value = await call()
    await readAll(value)
  } catch (error) {
    const message = (error as Error).message
    if (!(error instanceof SurprisalError)) return [`throws: expected a SurprisalError, got ${String(error)}`]
    return message.includes(part) ? [] : [`throws: expected a message with "${part}", got "${message}"`]
  }
  return [`throws: expected a message with "${part}", got a result`]
}

/**
 * Runs one case against a package's exports.
 *
 * @param onResult told of everything that the case has computed: its value and gradients
 */
export async function runCase(
  entry: VectorCase,
  exports: Exports,
  onResult: (value: unknown) => void = () => {},
): Promise<Outcome> {
  const missing = missingFunction(entry, exports)
  if (missing !== null) return { status: 'notBuilt', missing }
  const problems = await checkCase(entry, exports, onResult).catch((error: Error) => [
    `${error.name}: ${error.message}`,
  ])
  return problems.length === 0 ? { status: 'passed' } : { status: 'failed', problems }
}

async function checkCase(entry: VectorCase, exports: Exports, onResult: (value: unknown) => void): Promise<string[]> {
  const checks = ['value', 'grad', 'gradgrad', 'throws']
  if (
    typeof entry.expect !== 'object' ||
    !checks.some(check => entry.expect?.[check as keyof typeof entry.expect] !== undefined)
  )
    return [`expect: must hold one of ${checks.join(', ')}`]
  if (entry.call === undefined && entry.program === undefined)
    return ['call: must name a function, or there must be a program']
  const inputs = revive(entry.inputs ?? {}) as Record<string, unknown>
  const options = revive(entry.options ?? {})
  const call = (): unknown =>
    entry.call === undefined
      ? runProgram(entry, inputs)
      : (exports[entry.call] as (...args: unknown[]) => unknown)(...Object.values(inputs), options)
  const { expect } = entry
  if (expect.throws !== undefined) return checkThrows(entry, call)
  const tolerance: Tolerance = entry.tolerance || { rtol: 0, atol: 0 }
  const value = await call()
  onResult(value)
  const problems = 'value' in expect ? await compareValues(value, expect.value, tolerance) : []
  if (!expect.grad && !expect.gradgrad) return problems

  const loss = differentiated(value, revive(entry.weight))
  const names = Object.keys(expect.grad ?? expect.gradgrad ?? {})
  const grads = gradients(
    loss,
    names.map(name => inputs[name] as Tensor),
  )
  onResult(grads)
  for (const [i, name] of names.entries())
    if (expect.grad) problems.push(...(await compareValues(grads[i], expect.grad[name], tolerance, `grad.${name}`)))
  if (!expect.gradgrad) return problems
  const energy = grads.map(grad => grad.square().sum()).reduce((a, b) => a.add(b))
  for (const [name, expected] of Object.entries(expect.gradgrad)) {
    const [second] = gradients(energy, [inputs[name] as Tensor])
    onResult(second)
    problems.push(...(await compareValues(second, expected, tolerance, `gradgrad.${name}`)))
  }
  return problems
}
