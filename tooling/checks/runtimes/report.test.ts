import { describe, expect, it } from 'vitest'
import { reportProblems } from './report.ts'

const good = { problems: [], bits: { one: 'a', two: 'a', deterministic: 'b' }, threads: 2, helped: 5 }
const alone = { ...good, threads: 1, helped: 0 }

describe('reportProblems', () => {
  it('has nothing to say about what is as expected', () => {
    expect(reportProblems('Node', good, { helped: true, deterministic: 'b' })).toEqual([])
    expect(reportProblems('Node', alone, { helped: false, deterministic: 'b' })).toEqual([])
  })

  it.each([
    [{ ...good, problems: ['sort: wrong'] }, 'sort: wrong'],
    [{ ...good, bits: { ...good.bits, two: 'c' } }, 'two threads give other bits (c) than one (a)'],
    [{ ...good, bits: { ...good.bits, deterministic: 'c' } }, 'deterministic results have bits c, not b'],
    [{ ...good, threads: 1 }, '1 threads were at work, not 2'],
    [{ ...good, helped: 0 }, 'helper threads have done 0 stretches of work'],
  ])('names what is wrong in %j', (report, problem) => {
    expect(reportProblems('Node 20', report, { helped: true, deterministic: 'b' })).toEqual([`Node 20: ${problem}`])
  })

  it('does not want helpers where there can be none', () => {
    expect(reportProblems('page', good, { helped: false, deterministic: 'b' })).toEqual([
      'page: 2 threads were at work, not 1',
      'page: helper threads have done 5 stretches of work',
    ])
  })
})
