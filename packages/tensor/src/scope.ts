import type { Tensor } from './tensor.ts'

const scopes: Set<Tensor>[] = []

/** Called by every new tensor. */
export function trackInScope(tensor: Tensor): void {
  scopes[scopes.length - 1]?.add(tensor)
}

function keepReturned(value: unknown, created: Set<Tensor>): void {
  if (typeof value !== 'object' || value === null) return
  if (created.delete(value as Tensor)) return
  if (Array.isArray(value)) for (const entry of value) keepReturned(entry, created)
  else if (Object.getPrototypeOf(value) === Object.prototype)
    for (const entry of Object.values(value)) keepReturned(entry, created)
}

/**
 * Runs `fn` and frees every tensor made inside, except those it returns (alone, in lists or in plain objects).
 * An async function's scope ends when its promise settles.
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
