import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPlayground, type RunningPlayground, servePlayground } from './serve.ts'

/** The page, built into a folder of its own, that is removed when the server is closed. */
export async function serveForTests(): Promise<RunningPlayground> {
  const folder = await mkdtemp(join(tmpdir(), 'surprisal-playground-'))
  await buildPlayground(folder)
  const { url, close } = await servePlayground({ port: 0, folder })
  return {
    url,
    close: async () => {
      await close()
      await rm(folder, { recursive: true })
    },
  }
}
