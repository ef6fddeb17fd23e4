import { currentTracing } from '../compile/tracing.ts'
import { otherDevices } from '../device.ts'
import type { HostArray } from '../dtype.ts'
import { evaluate } from '../evaluate.ts'
import { checkReadable, elementsOf, type Storage } from '../graph/storage.ts'
import { nodeOf, type Tensor } from '../tensor.ts'

const onHost = ({ place }: Storage): HostArray | null => (ArrayBuffer.isView(place) ? place : (place.host ?? null))

/**
 * The elements of a tensor, as a copy, where they can be had without waiting: on the CPU as by `dataSync`, on another
 * device where the tensor was made from data. For checks of arguments at the call; where it gives null they have to
 * wait for a read.
 * @returns in row-major order; null where only `data()` gives them, and inside of `compile` where they are not known
 * @throws {SurprisalError} `disposed` for a tensor that is no more
 */
export function hostData(x: Tensor): HostArray | null {
  const node = nodeOf(x, 'hostData')
  if (!node.storage && currentTracing()) return null
  if (otherDevices()?.concerns([node])) {
    if (!node.storage) return null
    checkReadable(node.storage, 'hostData')
    return onHost(node.storage)?.slice() ?? null
  }
  evaluate([node], 'hostData')
  return elementsOf(node.storage as Storage).slice()
}
