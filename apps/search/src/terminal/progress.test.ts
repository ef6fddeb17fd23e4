import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { terminalProgress } from './progress.ts'
import { recordingStream } from './stream-for-tests.ts'

const hideCursor = '\u001b[?25l'
const showCursor = '\u001b[?25h'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('without a terminal', () => {
  it('prints plain lines, one now and then while a phase runs', () => {
    const { stream, text } = recordingStream()
    const progress = terminalProgress(stream)
    progress.say('WordNet: 6,000 documents')
    const phase = progress.phase('Train encoder', 200)
    for (let done = 1; done <= 100; done++) {
      vi.advanceTimersByTime(100)
      phase.update(done, `loss ${done}`)
    }
    vi.advanceTimersByTime(60_000)
    phase.finish('200 steps')
    expect(text()).toBe(
      [
        'WordNet: 6,000 documents',
        'Train encoder ...',
        '  25 %, loss 50, 15 s left',
        '  50 %, loss 100, 10 s left',
        'Train encoder: 1 min 10 s, 200 steps\n',
      ].join('\n'),
    )
  })

  it('says nothing of a phase that was stopped', () => {
    const { stream, text } = recordingStream()
    terminalProgress(stream).phase('Index', 0).abandon()
    expect(text()).toBe('Index ...\n')
  })
})

describe('on a terminal', () => {
  it('draws a bar with the share and the time left, and a line when it is done', () => {
    const { stream, text } = recordingStream({ isTTY: true })
    const phase = terminalProgress(stream).phase('Train encoder', 200)
    vi.advanceTimersByTime(10_000)
    phase.update(50, 'loss 3.21')
    vi.advanceTimersByTime(1000)
    expect(text()).toContain(`${'━'.repeat(6)}${'─'.repeat(18)} 25%  30 s left, loss 3.21`)
    phase.finish('200 steps')
    expect(stripVTControlCharacters(text())).toMatch(/✔ Train encoder {10}11 s, 200 steps\n$/)
  })

  it.each(['finish', 'abandon'] as const)('shows the cursor again after %s', ending => {
    const { stream, text } = recordingStream({ isTTY: true })
    const listeners = process.listenerCount('exit')
    const phase = terminalProgress(stream).phase('Index', 10)
    expect(text()).toContain(hideCursor)
    phase.update(3)
    phase[ending]()
    expect(text().lastIndexOf(showCursor)).toBeGreaterThan(text().lastIndexOf(hideCursor))
    expect(process.listenerCount('exit')).toBe(listeners)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('shows the cursor again when the program ends in the middle of a phase', () => {
    const { stream, text } = recordingStream({ isTTY: true })
    const before = process.listeners('exit')
    const phase = terminalProgress(stream).phase('Index', 10)
    const added = process.listeners('exit').filter(listener => !before.includes(listener))
    expect(added).toHaveLength(1)
    added[0](0)
    expect(text().lastIndexOf(showCursor)).toBeGreaterThan(text().lastIndexOf(hideCursor))
    phase.abandon()
  })
})
