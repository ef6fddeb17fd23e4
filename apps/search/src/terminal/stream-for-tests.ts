import { Writable } from 'node:stream'

/** A stream that remembers what was written; `isTTY` makes it look like a terminal. */
export function recordingStream({ isTTY = false } = {}): { stream: NodeJS.WriteStream; text: () => string } {
  const chunks: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  Object.assign(stream, isTTY ? { isTTY, columns: 100, rows: 30 } : {})
  return { stream: stream as NodeJS.WriteStream, text: () => chunks.join('') }
}
