import { type Device, defaultDevice, type OtherDevices, placeOf, setOtherDevices } from '../device.ts'
import type { HostArray } from '../dtype.ts'
import { runAsync, settle } from '../evaluate.ts'
import { currentExecutor } from '../executor.ts'
import type { Node } from '../graph/node.ts'
import { pendingTargets } from '../graph/pending.ts'
import {
  checkReadable,
  createStorage,
  elementsOf,
  moveStorage,
  releaseStorage,
  type Storage,
} from '../graph/storage.ts'
import { isTransfer } from '../graph/transfer.ts'
import type { Backend } from './backend.ts'
import { byDevice, isElsewhere, waitingFor } from './waiting.ts'

const backends = new Map<Device, Backend>()
const nothing: ReadonlyMap<Node, HostArray> = new Map()

/** The elements of a storage on any device, as a copy. */
async function load(storage: Storage, op: string): Promise<HostArray> {
  checkReadable(storage, op)
  const { place, dtype, size } = storage
  return ArrayBuffer.isView(place) || !place.load ? elementsOf(storage).slice() : place.load(dtype, size)
}

/** Gives nodes their values, but for those that got one in the meantime. */
function store(nodes: readonly Node[], storages: readonly Storage[], reads: number): void {
  const open = nodes.map(node => node.storage === null)
  storages.forEach((storage, i) => {
    if (!open[i]) releaseStorage(storage)
  })
  settle(
    nodes.filter((_, i) => open[i]),
    storages.filter((_, i) => open[i]),
    reads,
  )
}

/** On the CPU, where all that is needed comes home first. */
async function computeHere(targets: readonly Node[], op: string, reads: number): Promise<void> {
  for (const { storage } of waitingFor(targets).computed.filter(isElsewhere)) {
    const elements = await load(storage as Storage, op)
    if (!(storage as Storage).ticket.released) moveStorage(storage as Storage, elements)
  }
  let left: readonly Node[] = []
  await runAsync(
    () => {
      left = targets.filter(node => !node.storage)
      return left.length === 0 ? null : currentExecutor().evaluate(left, op)
    },
    storages => settle(left, storages, reads),
    op,
  )
}

/** Computes what waits for no copy from device to device; gives the elements of those nodes that were `wanted`. */
async function computeParts(nodes: readonly Node[], op: string, wanted: Node | null) {
  const { targets, reads } = pendingTargets(nodes)
  let read = nothing
  for (const [device, own] of byDevice(targets, defaultDevice())) {
    const backend = backends.get(device)
    if (!backend || !(await backend.isReady())) {
      await computeHere(own, op, reads)
      continue
    }
    const at = wanted ? own.indexOf(wanted) : -1
    const { storages, elements } = await backend.evaluate(own, op, at < 0 ? [] : [at])
    store(own, storages, reads)
    const found = elements.get(at)
    if (wanted && found) read = new Map([[wanted, found]])
  }
  return read
}

/** Copies between devices, those first that others wait for, then the rest. */
async function computeAll(nodes: readonly Node[], op: string, wanted: Node | null = null) {
  const copies = waitingFor(nodes).nodes.filter(isTransfer)
  for (const copy of copies.sort((a, b) => a.id - b.id)) {
    const [source] = copy.inputs
    await computeParts([source], op, null)
    const elements = await load(source.storage as Storage, op)
    store([copy], [createStorage(copy.dtype, elements.length, elements)], source.reads + 1)
  }
  return computeParts(nodes, op, wanted)
}

let tail: Promise<unknown> = Promise.resolve()

/** Reads of several devices run one at a time, as one may compute what the next one needs. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const result = tail.then(work)
  tail = result.catch(() => {})
  return result
}

const devices: OtherDevices = {
  has: device => backends.has(device),
  backendOf: device => backends.get(device) as Backend,
  concerns(nodes) {
    const isOther = ({ place }: Node): boolean => place !== 0 && place !== placeOf('cpu')
    if (nodes.some(isOther)) return true
    const waiting = waitingFor(nodes)
    return waiting.computed.some(isElsewhere) || waiting.nodes.some(isOther)
  },
  compute: (nodes, op) => inTurn(async () => void (await computeAll(nodes, op))),
  async read(node, op) {
    if (!node.storage) {
      const elements = (await inTurn(() => computeAll([node], op, node))).get(node)
      if (elements) return elements
    }
    return load(node.storage as Storage, op)
  },
}

/**
 * Makes a device known, or puts another backend in the place of the one that it has. Tensors whose values the one before
 * holds stay with it.
 */
export function registerBackend(backend: Backend): void {
  backends.set(backend.device, backend)
  setOtherDevices(devices)
}
