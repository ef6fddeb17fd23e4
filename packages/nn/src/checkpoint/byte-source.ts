import { SurprisalError } from '@surprisal/tensor'

/** Bytes of which any part can be read: a `Blob`, or ranges of a file on a server. */
export interface ByteSource {
  readonly size: number
  /** The bytes from `start` up to, and without, `end`. */
  bytes(start: number, end: number): Promise<Uint8Array>
}

/** A blob, as of a file chooser or `fs.openAsBlob`, read by its slices. */
export const blobSource = (blob: Blob): ByteSource => ({
  size: blob.size,
  bytes: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
})

/**
 * A file on a server, read by requests of ranges, so that one tensor can be taken from a large file. The first request
 * asks for its size.
 * @param fetcher for requests with headers of your own @default fetch
 * @throws {SurprisalError} `io` when the server refuses, or answers with the whole file instead of a range
 */
export async function fetchSource(url: string | URL, fetcher: typeof fetch = fetch): Promise<ByteSource> {
  const bytes = async (start: number, end: number): Promise<{ part: Uint8Array; size: number }> => {
    const response = await fetcher(url, { headers: { range: `bytes=${start}-${end - 1}` } })
    const size = Number(/\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1])
    if (response.status !== 206 || !Number.isSafeInteger(size)) {
      await response.body?.cancel()
      throw new SurprisalError('io', `fetchSource: ${url} must answer with a range, got status ${response.status}`)
    }
    return { part: new Uint8Array(await response.arrayBuffer()), size }
  }
  const { size } = await bytes(0, 1)
  return {
    size,
    async bytes(start, end) {
      if (start >= end) return new Uint8Array(0)
      const { part } = await bytes(start, end)
      if (part.length !== end - start)
        throw new SurprisalError('io', `fetchSource: ${url} must give ${end - start} bytes, got ${part.length}`)
      return part
    },
  }
}
