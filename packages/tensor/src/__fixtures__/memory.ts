import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { memory } from '../index.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Live bytes after two macrotasks with a collection each, so that finalizers have run. */
export async function settleMemory(): Promise<number> {
  for (let round = 0; round < 2; round++) {
    collect()
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  return memory().live
}
