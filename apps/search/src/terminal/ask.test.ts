import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createFixtureService } from '../server/fixture-for-tests.ts'
import { askInTerminal } from './ask.ts'
import { recordingStream } from './stream-for-tests.ts'

const engine = createFixtureService()
const prompt = 'search › '

/** Types each line when the prompt stands there again, then closes the input. */
async function talk(lines: readonly string[]): Promise<string> {
  const input = new PassThrough()
  const { stream, text } = recordingStream()
  const ended = askInTerminal(engine, new AbortController().signal, { input, output: stream })
  for (const [i, line] of lines.entries()) {
    while (text().split(prompt).length < i + 2) await new Promise(resolve => setImmediate(resolve))
    input.write(`${line}\n`)
  }
  if (lines.at(-1) !== ':quit') input.end()
  await ended
  return text()
}

describe('askInTerminal', () => {
  it('answers with words, scores, texts and what matched', async () => {
    const text = await talk(['a small animal that purrs'])
    expect(text).toContain('for example: a small animal with soft fur. :help for help.')
    expect(text).toMatch(/ 1\. .+ {2}\d\.\d{3}\n {4}.+\n/)
    expect(text).toMatch(/\n {4}matched: (small|animal)/)
    expect(text).toMatch(/\n 8\. /)
    expect(text).not.toMatch(/\n 9\. /)
    expect(text).toMatch(/\nhybrid, \d+ ms\n/)
  })

  it('says so when nothing is found, and nothing to an empty line', async () => {
    expect(await talk([':use bm25', 'zzzz'])).toContain('Nothing found.')
    expect((await talk(['  '])).split(prompt)).toHaveLength(3)
  })

  it('changes the system', async () => {
    const text = await talk([':use bm25', 'cat', ':use', ':use cosine', ':useless', ':foo'])
    expect(text).toContain('Searching with bm25.')
    expect(text).toMatch(/\nbm25, \d+ ms\n/)
    const list = 'bm25, dense, student, int8, binary, hybrid are there.'
    expect(text).toContain(`There is no system ; ${list}`)
    expect(text).toContain(`There is no system cosine; ${list}`)
    expect(text).toContain('There is no command :useless; :help lists them.')
    expect(text).toContain('There is no command :foo; :help lists them.')
  })

  it('explains itself and ends when asked to', async () => {
    const text = await talk([':help', ':quit'])
    expect(text).toContain(':use <system>  search with bm25, dense, student, int8, binary, hybrid')
    expect(text.split(prompt)).toHaveLength(3)
  })

  it.each([false, true])('ends when the signal is given (before it began: %s)', async before => {
    const controller = new AbortController()
    const { stream } = recordingStream()
    if (before) controller.abort()
    const ended = askInTerminal(engine, controller.signal, { input: new PassThrough(), output: stream })
    controller.abort()
    await ended
  })

  it('ends when it is told to while it answers', async () => {
    const controller = new AbortController()
    const input = new PassThrough()
    const { stream, text } = recordingStream()
    const slow: typeof engine = {
      ...engine,
      search: (...args) => {
        controller.abort()
        return engine.search(...args)
      },
    }
    const ended = askInTerminal(slow, controller.signal, { input, output: stream })
    input.write('cat\n')
    await ended
    expect(text()).toMatch(/hybrid, \d+ ms\n\n$/)
  })
})
