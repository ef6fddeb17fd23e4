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

/** Where a person types and reads. */
export interface Terminal {
  input: NodeJS.ReadableStream
  output: NodeJS.WritableStream & { isTTY?: boolean }
}

/** A prompt that answers until the person leaves. */
export async function askInTerminal(
  engine: Pick<SearchEngine, 'corpus' | 'search'>,
  signal: AbortSignal,
  { input, output }: Terminal = { input: process.stdin, output: process.stdout },
): Promise<void> {
  if (signal.aborted) return
  const colors = colorsFor(output)
  const terminal = createInterface({ input, output })
  let system: SystemName = 'hybrid'
  let isOpen = true
  const leave = (): void => terminal.close()
  const say = (text: string): void => void output.write(`${text}\n`)
  signal.addEventListener('abort', leave, { once: true })
  terminal.on('SIGINT', leave)
  terminal.once('close', () => {
    isOpen = false
  })
  const example = engine.corpus.examples?.[0] ?? 'what you remember of it'
  say(colors.dim(`\nDescribe a word or a thing, for example: ${example}. :help for help.`))
  terminal.setPrompt(colors.cyan('search › '))
  terminal.prompt()
  for await (const line of terminal) {
    const text = line.trim()
    if (text === ':quit' || text === ':q') break
    if (text === ':help') say(help)
    else if (/^:use(\s|$)/.test(text)) {
      const name = text.slice(4).trim()
      const asked = systemNames.find(known => known === name)
      if (asked) system = asked
      say(asked ? `Searching with ${asked}.` : `There is no system ${name}; ${systemNames.join(', ')} are there.`)
    } else if (text.startsWith(':')) say(`There is no command ${text}; :help lists them.`)
    else if (text !== '') {
      const { hits, milliseconds } = engine.search(text, { system, k: resultsShown })
      for (const [i, hit] of hits.entries()) say(hitText(hit, i + 1, colors))
      say(colors.dim(hits.length === 0 ? 'Nothing found.' : `${system}, ${milliseconds.toFixed(0)} ms`))
    }
    // Ctrl-C may have come while the line was answered.
    if (!isOpen) break
    terminal.prompt()
  }
  signal.removeEventListener('abort', leave)
  terminal.close()
  say('')
}
