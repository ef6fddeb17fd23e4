import { type Module, SurprisalError, type Tensor } from '@surprisal/tensor'

type Tensors = Readonly<Record<string, Tensor>>

const shapeText = ({ shape }: Tensor): string => `[${shape.join(', ')}]`

/** At most eight names, and how many more there are. */
function listed(names: readonly string[]): string {
  const rest = names.length - 8
  return rest > 0 ? `${names.slice(0, 8).join(', ')} and ${rest} more` : names.join(', ')
}

/**
 * Checks that tensors are the state of a model, before anything is loaded. A tied weight may stand under one of its
 * names only.
 * @throws {SurprisalError} `argument` listing missing, unexpected and mis-shaped keys
 */
export function requireModelState(where: string, model: Module, tensors: Tensors): void {
  const own = model.stateDict()
  const reached = new Set(Object.keys(tensors).map(name => own[name]))
  const missing = Object.keys(own).filter(name => !Object.hasOwn(tensors, name) && !reached.has(own[name]))
  const unexpected = Object.keys(tensors).filter(name => !Object.hasOwn(own, name))
  const shapes = Object.keys(own)
    .filter(name => Object.hasOwn(tensors, name) && shapeText(own[name]) !== shapeText(tensors[name]))
    .map(name => `${name} is ${shapeText(tensors[name])} in the file and ${shapeText(own[name])} in the model`)
  const parts = [
    ...(missing.length > 0 ? [`missing: ${listed(missing)}`] : []),
    ...(unexpected.length > 0 ? [`unexpected: ${listed(unexpected)}`] : []),
    ...(shapes.length > 0 ? [`other shapes: ${listed(shapes)}`] : []),
  ]
  if (parts.length > 0)
    throw new SurprisalError('argument', `${where}: file must be of a model like this one; ${parts.join('; ')}`)
}
