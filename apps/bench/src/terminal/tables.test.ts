import pc from 'picocolors'
import { describe, expect, it } from 'vitest'
import { counted, failed, skipped, softmax } from '../report/report-for-tests.ts'
import { caseText, summaryText } from './tables.ts'

const plain = pc.createColors(false)
const marked = { ...plain, green: (text: string) => `+${text}`, red: (text: string) => `-${text}` } as typeof plain
const squeezed = (text: string) => text.replaceAll(/ +/g, ' ')

describe('caseText', () => {
  it('has a row for everybody and reasons below', () => {
    const text = squeezed(caseText(softmax, plain))
    expect(text).toMatch(/^tensor\/softmax\n/)
    expect(text).toContain('│ ours │ 4 ms │ 5 ms │ 10 % │ │ │ 0.0.0 │')
    expect(text).toContain('│ ort │ 8 ms │ 10 ms │ 10 % │ 2 │ 3 │ 1.30.0 │')
    expect(text).toContain('│ jax-js │ - │ - │ - │ - │ 8 │ │')
    expect(text).toContain('\n jax-js: needs <more> memory\n')
    expect(text).toMatch(/peak 32 MiB, 16 MiB beside the inputs$/)
  })

  it('has columns of what was asked of a GPU', () => {
    const text = squeezed(caseText(counted, plain))
    expect(text).toContain('│ asked │ dispatches │ submissions │ pipelines │ buffers │ version │')
    expect(text).toContain('│ tfjs │ 3 ms │ 3.75 ms │ 10 % │ 1.5 │ │ 1,250 │ 4 │ 0 │ 9 │ 4.22.0 (webgpu) │')
  })

  it('colours ratios by what is asked', () => {
    const text = squeezed(caseText(softmax, marked))
    expect(text).toContain('│ +1.5 │ 1.1 │')
    expect(text).toContain('│ -2 │ 3 │')
  })

  it('gives the reason of a skipped case', () => {
    expect(caseText(skipped, plain)).toBe('tensor/two, 2 threads\n  skipped: no idle core')
  })
})

describe('summaryText', () => {
  it('counts bounds that were measured and lists misses and failures', () => {
    expect(summaryText([softmax, skipped, failed], plain).split('\n')).toEqual([
      '1 of 2 bounds that were measured are reached',
      '  missed tensor/softmax: ratio to ort 2, at least 3',
      '  failed tensor/bad: add: shapes differ',
    ])
  })
})
