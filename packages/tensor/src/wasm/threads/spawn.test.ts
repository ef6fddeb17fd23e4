import { resolveObjectURL } from 'node:buffer'
import { setTimeout } from 'node:timers/promises'
import { Worker as NodeWorker } from 'node:worker_threads'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SurprisalError } from '../../error.ts'
import { addPool, blockAt, resultsAt, untilHelped } from './__fixtures__/pool.ts'
import { spawnPageWorker, spawnWorker } from './spawn.ts'

afterEach(() => vi.unstubAllGlobals())

/** What the scope of a page's worker has, around the program that its URL names. */
const scope = `
const { parentPort, workerData } = require('node:worker_threads')
const listen = (type, listener) => parentPort.once(type, data => listener({ data }))
new Function('process', 'addEventListener', workerData)(undefined, listen)
`

/** The Worker of a page on a thread of Node. */
class PageWorker extends EventTarget {
  readonly #thread: Promise<NodeWorker>

  constructor(url: string) {
    super()
    this.#thread = resolveObjectURL(url)!
      .text()
      .then(source => new NodeWorker(scope, { eval: true, execArgv: [], workerData: source }))
  }

  async postMessage(data: unknown): Promise<void> {
    ;(await this.#thread).postMessage(data)
  }

  async terminate(): Promise<void> {
    await (await this.#thread).terminate()
  }
}

describe('spawnPageWorker', () => {
  it('runs helpers in the workers of a page', async () => {
    vi.stubGlobal('Worker', PageWorker)
    const { threads, add, memory, results } = addPool(2, { spawn: spawnPageWorker })
    await setTimeout(200)
    new Int32Array(memory.buffer).set([resultsAt, 1], blockAt / 4)
    threads.run(0, untilHelped(results, add), blockAt, 100, 1)
    expect([...results.subarray(0, 100)]).toEqual(Array.from({ length: 100 }, (_, u) => u + 1))
    threads.shutdown()
  })

  it('reports workers that cannot start', () => {
    const started: EventTarget[] = []
    class Blocked extends EventTarget {
      constructor() {
        super()
        started.push(this)
      }
      postMessage(): void {}
      terminate(): void {}
    }
    vi.stubGlobal('Worker', Blocked)
    const warnings: string[] = []
    const { threads } = addPool(2, { spawn: spawnPageWorker, warn: message => warnings.push(message) })
    expect(threads.count).toBe(3)
    for (const worker of started) worker.dispatchEvent(new Event('error'))
    expect(threads.count).toBe(1)
    expect(warnings).toEqual(['threads: a worker died, going on with fewer: Error: it could not start'])
  })
})

describe('spawnWorker', () => {
  it('takes the worker of the page where there is no Node', () => {
    const urls: string[] = []
    class Recorded extends EventTarget {
      constructor(url: string) {
        super()
        urls.push(url)
      }
      postMessage(): void {}
      terminate(): void {}
    }
    vi.stubGlobal('process', undefined)
    vi.stubGlobal('Worker', Recorded)
    const { threads } = addPool(2, { spawn: spawnWorker })
    expect(threads.count).toBe(3)
    expect(urls).toHaveLength(2)
    expect(urls[0]).toMatch(/^blob:/)
    expect(urls[1]).toBe(urls[0])
  })

  it('needs a host with workers', () => {
    vi.stubGlobal('process', undefined)
    const data = {
      memory: new WebAssembly.Memory({ initial: 0 }),
      control: new SharedArrayBuffer(0),
      log: new SharedArrayBuffer(0),
      helper: 0,
      spins: 0,
    }
    expect(() => spawnWorker('', data, () => {})).toThrow(
      new SurprisalError('device', 'threads: the host must have workers, got none'),
    )
  })
})
