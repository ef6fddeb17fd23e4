import { SurprisalError } from '@surprisal/tensor'
import { readArguments, usage } from './arguments.ts'
import { openInBrowser } from './open-in-browser.ts'
import { buildPlayground, servePlayground } from './serve.ts'

async function main(): Promise<void> {
  const { port, open, help } = readArguments(process.argv.slice(2))
  if (help) return console.log(usage)
  await buildPlayground()
  const { url, close } = await servePlayground({ port })
  console.log(`Playground: ${url} (Ctrl-C ends it)`)
  if (open && process.stdout.isTTY) openInBrowser(url)
  process.once('SIGINT', () => void close().then(() => process.exit(0)))
}

main().catch((error: Error) => {
  console.error(error instanceof SurprisalError ? error.message : (error.stack ?? error.message))
  process.exitCode = 1
})
