import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tensor } from '@surprisal/tensor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blobSource, fetchSource } from './byte-source.ts'
import { openSafetensors } from './read-safetensors.ts'
import { writeSafetensors } from './write-safetensors.ts'

let server: Server
let base: string
let file: Uint8Array
const served: number[] = []

beforeAll(async () => {
  file = await writeSafetensors({ a: tensor([1, 2, 3]), b: tensor(new Float32Array(5000)), empty: tensor([]) })
  server = createServer((request, response) => {
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')
    if (request.url === '/whole' || !range) {
      response.end(file)
      return
    }
    if (request.url === '/missing') {
      response.writeHead(404).end('no such file')
      return
    }
    const [start, last] = range.slice(1).map(Number)
    const cut = request.url === '/short' && start > 0 ? 1 : 0
    const part = file.subarray(start, last + 1 - cut)
    served.push(part.length)
    response.writeHead(206, { 'content-range': `bytes ${start}-${last}/${file.length}` }).end(part)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.close()
  server.closeAllConnections()
})

describe('fetchSource', () => {
  it('reads one tensor of a file on a server, and not the others', async () => {
    served.length = 0
    const opened = await openSafetensors(await fetchSource(`${base}/file`))
    expect(opened.entries.map(entry => entry.name).sort()).toEqual(['a', 'b', 'empty'])
    expect(Array.from((await opened.read('a')).dataSync())).toEqual([1, 2, 3])
    expect((await opened.read('empty')).shape).toEqual([0])
    expect(served.reduce((sum, length) => sum + length, 0)).toBe(1 + opened.dataStart + 12)
  })

  it('does not take a whole file, an error or a part for a range', async () => {
    await expect(fetchSource(`${base}/whole`)).rejects.toThrow(
      `fetchSource: ${base}/whole must answer with a range, got status 200`,
    )
    await expect(fetchSource(`${base}/missing`)).rejects.toThrow('got status 404')
    const short = await fetchSource(`${base}/short`)
    await expect(short.bytes(1, 9)).rejects.toThrow(`fetchSource: ${base}/short must give 8 bytes, got 7`)
  })
})

describe('blobSource', () => {
  it('reads slices', async () => {
    const source = blobSource(new Blob([Uint8Array.of(1, 2, 3, 4)]))
    expect(source.size).toBe(4)
    expect([...(await source.bytes(1, 3))]).toEqual([2, 3])
  })
})
