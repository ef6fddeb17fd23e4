import { Buffer, type Module, type Parameter, SurprisalError, type Tensor } from '@surprisal/tensor'
import { requireTensor } from '../_shared/positional.ts'

const text = (shape: readonly number[]): string => `[${shape.join(', ')}]`

/** Cells of a module by their keys in the state dict; a tied one by its first. */
const cellsOf = (module: Module): Map<string, Parameter> =>
  new Map([...module.namedParameters(), ...module.namedBuffers()])

/** Puts values in the place of cells, wherever the module holds them; gives what puts them back. */
function substitute(module: Module, values: ReadonlyMap<Parameter, Tensor | Buffer>): () => void {
  const undo: (() => void)[] = []
  for (const [, part] of module.namedModules()) {
    const fields = part as unknown as Record<string, unknown>
    for (const [field, cell] of Object.entries(fields)) {
      const value = values.get(cell as Parameter)
      if (value === undefined) continue
      fields[field] = value
      undo.push(() => {
        fields[field] = cell
      })
    }
  }
  return () => {
    for (const restore of undo) restore()
  }
}

/**
 * Calls `module.forward` with other values in the place of parameters and buffers, which are as before afterwards.
 * Gradients reach the values: for hypernetworks, supernets and gradients of single examples. What the call assigns to
 * a substituted buffer is lost.
 * @param values by key of the state dict; a tied parameter by its first key. Those that are left out stay.
 * @param args of `forward`, which must not be asynchronous
 * @throws {SurprisalError} `argument` for an unknown key, `shape` or `dtype` for a value that does not fit
 */
export function functionalCall<M extends Module>(
  module: M,
  values: Readonly<Record<string, Tensor>>,
  ...args: Parameters<M['forward']>
): ReturnType<M['forward']> {
  const op = 'functionalCall'
  const cells = cellsOf(module)
  const others = new Map<Parameter, Tensor | Buffer>()
  for (const [key, value] of Object.entries(values)) {
    const cell = cells.get(key)
    if (!cell) throw new SurprisalError('argument', `${op}: key must be one of the module, got ${key}`)
    requireTensor(op, key, value)
    if (value.shape.join() !== cell.shape.join())
      throw new SurprisalError('shape', `${op}: ${key} must have shape ${text(cell.shape)}, got ${text(value.shape)}`)
    if (value.dtype !== cell.dtype)
      throw new SurprisalError('dtype', `${op}: ${key} must be ${cell.dtype}, got ${value.dtype}`)
    others.set(cell, cell instanceof Buffer ? new Buffer(value) : value)
  }
  const restore = substitute(module, others)
  try {
    return module.forward(...(args as never[])) as ReturnType<M['forward']>
  } finally {
    restore()
  }
}
