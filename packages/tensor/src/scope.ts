import type { Tensor } from './tensor.ts'

const scopes: Set<Tensor>[] = []

/** Called by every new tensor. */
export function trackInScope(tensor: Tensor): void {
  if (scopes.length > 0) scopes[scopes.length - 1].add(tensor)
}

/** Hands what is returned to the scope outside, without recursion: results may nest deeply or in circles. */
function keepReturned(result: unknown, created: Set<Tensor>): void {
  const seen = new Set<unknown>()
  const stack = [result]
  while (stack.length > 0) {
    const value = stack.pop()
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    if (created.delete(value as Tensor)) trackInScope(value as Tensor)
    else if (Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value)))
      for (const entry of Object.values(value)) stack.push(entry)
  }
}

/**
 * Runs `fn` and frees every tensor made inside, except those it returns (alone, in lists or in plain objects) and the
 * values of parameters. An async function's scope ends when its promise settles; until then it counts as inside
 * whatever else makes tensors, so wait for one such scope before the next.
 */
export function scope<T>(fn: () => T): T {
  const created = new Set<Tensor>()
  const close = (value?: unknown) => {
    scopes.splice(scopes.indexOf(created), 1)
    keepReturned(value, created)
    for (const tensor of created) tensor.dispose()
  }
  scopes.push(created)
  let result: T
  try {
    result = fn()
  } catch (error) {
    close()
    throw error
  }
  if (!(result instanceof Promise)) {
    close(result)
    return result
  }
  return result.then(
    value => {
      close(value)
      return value
    },
    error => {
      close()
      throw error
    },
  ) as T
}
