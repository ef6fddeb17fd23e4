import { createInterface } from 'node:readline/promises'
import type { SystemName } from '../server/types.ts'
import { type SearchEngine, systemNames } from '../systems/search-engine.ts'
import { colorsFor } from './colors.ts'
import { hitText } from './results.ts'

const resultsShown = 8

const help = `Type what you mean and press Enter. Commands:
  :use <system>  search with ${systemNames.join(', ')}
  :help          this text
  :quit          leave (also Ctrl-C or Ctrl-D)`

/** A prompt that answers until the person leaves. */
export async function askInTerminal(engine: SearchEngine, signal: AbortSignal): Promise<void> {
  const colors = colorsFor(process.stdout)
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  let system: SystemName = 'hybrid'
  const leave = () => terminal.close()
  signal.addEventListener('abort', leave, { once: true })
  terminal.on('SIGINT', leave)
  console.log(
    colors.dim(
      `\nDescribe a word or a thing, for example: ${engine.corpus.examples?.[0] ?? 'what you remember of it'}. :help for help.`,
    ),
  )
  terminal.setPrompt(colors.cyan('search › '))
  terminal.prompt()
  for await (const line of terminal) {
    const text = line.trim()
    if (text === ':quit' || text === ':q') break
    if (text === ':help') console.log(help)
    else if (/^:use(\s|$)/.test(text)) {
      const asked = systemNames.find(name => name === text.slice(4).trim())
      if (asked) system = asked
      console.log(
        asked
          ? `Searching with ${asked}.`
          : `There is no system ${text.slice(4).trim()}; ${systemNames.join(', ')} are there.`,
      )
    } else if (text.startsWith(':')) console.log(`There is no command ${text}; :help lists them.`)
    else if (text !== '') {
      const { hits, milliseconds } = engine.search(text, { system, k: resultsShown })
      for (const [i, hit] of hits.entries()) console.log(hitText(hit, i + 1, colors))
      console.log(colors.dim(hits.length === 0 ? 'Nothing found.' : `${system}, ${milliseconds.toFixed(0)} ms`))
    }
    terminal.prompt()
  }
  signal.removeEventListener('abort', leave)
  terminal.close()
}
