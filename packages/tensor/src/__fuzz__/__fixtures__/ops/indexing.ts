import { type Draft, floats, type Maker, ref } from '../draft.ts'
import { fits } from '../shapes.ts'

/** A value with a dim that has elements, and that dim. */
function along(d: Draft): { x: number; dim: number; size: number; shape: number[] } {
  const x = d.value(undefined, shape => shape.length > 0 && !shape.includes(0))
  const shape = [...d.shape(x)]
  const dim = d.draw.int(0, shape.length - 1)
  return { x, dim, size: shape[dim], shape }
}

function gather(d: Draft): void {
  const { x, dim, size, shape } = along(d)
  const wanted = shape.map((dimSize, at) => (at === dim ? d.draw.int(0, 6) : d.draw.int(0, 3) ? dimSize : 1))
  d.call('gather', [ref(x), dim, ref(d.indices(wanted, size))])
}

function scatter(d: Draft): void {
  const { x, dim, size, shape } = along(d)
  const source = shape.map((dimSize, at) => (at === dim ? d.draw.int(1, 6) : dimSize))
  const wanted = source.map(dimSize => (d.draw.chance(0.3) ? d.draw.int(0, dimSize) : dimSize))
  const index = ref(d.indices(wanted, size))
  const src = ref(d.exactly(source, [d.dtype(x)]))
  const bound = 8 * d.bound(x) + 64
  const name = d.draw.pick(['scatter', 'scatterAdd', 'scatterReduce'])
  if (name !== 'scatterReduce') d.call(name, [ref(x), dim, index, src], { bound })
  else {
    const reduce = d.draw.pick(['sum', 'prod', 'mean', 'amax', 'amin'])
    const options = { reduce, includeSelf: d.draw.chance(0.5) }
    d.call(name, [ref(x), dim, index, src, options], { bound: reduce === 'prod' ? bound ** 6 : bound })
  }
}

function slices(d: Draft): void {
  const { x, dim, size, shape } = along(d)
  const count = d.draw.int(0, 7)
  const index = ref(d.indices([count], size))
  const name = d.draw.pick(['indexSelect', 'indexSelect', 'indexAdd', 'indexCopy'])
  if (name === 'indexSelect') d.call(name, [ref(x), dim, index])
  else {
    const source = shape.map((dimSize, at) => (at === dim ? count : dimSize))
    d.call(name, [ref(x), dim, index, ref(d.exactly(source, [d.dtype(x)]))], { bound: 8 * d.bound(x) + 64 })
  }
}

function take(d: Draft): void {
  if (d.draw.chance(0.5)) {
    const { x, shape } = along(d)
    const size = shape.reduce((a, b) => a * b, 1)
    d.call('take', [ref(x), ref(d.indices(d.draw.pick([[], [3], [2, 5]]), size))])
    return
  }
  const weight = d.value(floats, shape => shape.length === 2 && shape[0] > 0)
  d.call('embedding', [ref(weight), ref(d.indices(d.draw.pick([[4], [2, 3], [0]]), d.shape(weight)[0]))])
}

function at(d: Draft): void {
  const { x, size } = along(d)
  const first = d.shape(x)[0] === size ? size : d.shape(x)[0]
  d.call('at', [ref(x), ref(d.indices([d.draw.int(1, 4)], first))])
}

function oneHot(d: Draft): void {
  d.call('oneHot', [ref(d.indices(d.draw.pick([[5], [3, 4], []]), 6)), 6])
}

function sorted(d: Draft): void {
  const { x, dim, size } = along(d)
  const descending = d.draw.chance(0.4)
  const kind = d.draw.int(0, 2)
  if (kind === 0) d.call('argsort', [ref(x), { dim, descending }])
  else {
    const pick = d.draw.pick(['values', 'values', 'indices'])
    if (kind === 1) d.call('sort', [ref(x), { dim, descending }], { pick })
    else d.call('topk', [ref(x), d.draw.int(0, Math.min(size, 6)), { dim, largest: !descending }], { pick })
  }
}

function search(d: Draft): void {
  const x = d.value(floats, shape => shape.length > 0)
  const edges = d.call('sort', [ref(d.leaf([d.draw.int(0, 9)], 'float32'))], { pick: 'values' })
  const options = { right: d.draw.chance(0.5) }
  if (d.draw.chance(0.4)) d.call('bucketize', [ref(x), ref(edges), options])
  else if (d.draw.chance(0.5)) d.call('searchsorted', [ref(edges), ref(x), options])
  else d.call('searchsorted', [ref(d.call('sort', [ref(x)], { pick: 'values' })), ref(x), options])
}

function join(d: Draft): void {
  const x = d.ranked()
  const shape = d.shape(x)
  const dim = d.draw.int(0, shape.length - 1)
  const count = d.draw.int(1, 3)
  if (!fits([...shape, count])) return
  const stack = d.draw.chance(0.3)
  const others = Array.from({ length: count - 1 }, () =>
    d.exactly(stack ? shape : shape.map((size, at) => (at === dim ? d.draw.pick([size, 0, 1, 3]) : size))),
  )
  d.call(stack ? 'stack' : 'cat', [...d.draw.shuffle([x, ...others]).map(ref), { dim }], {
    bound: Math.max(d.bound(x), 100),
  })
}

function part(d: Draft): void {
  const { x, dim, size } = along(d)
  const kind = d.draw.int(0, 3)
  if (kind === 0) {
    const first = d.draw.int(0, size)
    d.call('split', [ref(x), [first, size - first], { dim }], { pick: d.draw.int(0, 1) })
  } else if (kind === 1) d.call('chunk', [ref(x), d.draw.int(1, 3), { dim }], { pick: 0 })
  else if (kind === 2) d.call('unbind', [ref(x), { dim }], { pick: d.draw.int(0, size - 1) })
  else {
    const [a, b] = [d.value(floats, s => s.length === 1 && s[0] < 60), d.leaf([3], 'float32')]
    d.call('meshgrid', [ref(a), ref(b)], { pick: d.draw.int(0, 1) })
  }
}

/** Functions that look up, place, order, join and take apart. */
export const indexingMakers: readonly Maker[] = [
  { weight: 10, make: gather },
  { weight: 14, make: scatter },
  { weight: 12, make: slices },
  { weight: 6, make: take },
  { weight: 2, make: at },
  { weight: 2, make: oneHot },
  { weight: 10, make: sorted },
  { weight: 3, make: search },
  { weight: 12, make: join },
  { weight: 6, make: part },
]
