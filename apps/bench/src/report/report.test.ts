import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { html } from './html.ts'
import { toJson } from './json.ts'
import { markdown } from './markdown.ts'
import { adapter, counted, failed, report, softmax } from './report-for-tests.ts'
import { writeReport } from './write-report.ts'

describe('toJson', () => {
  it('has machine and cases and nothing else', () => {
    expect(toJson(report)).toEqual({
      machine: report.machine,
      cases: [
        {
          case: 'tensor/softmax',
          ms: { ours: 4, tfjs: 6, ort: 8 },
          ratios: { tfjs: 1.5, ort: 2 },
          targets: { tfjs: 1.1, ort: 3, 'jax-js': 8 },
          peakBytes: 2 ** 25,
        },
        { case: 'tensor/two', ms: {}, ratios: {}, targets: {}, peakBytes: null },
      ],
    })
  })
})

describe('a case on a GPU', () => {
  const onGpu = { ...report, machine: { ...report.machine, adapter }, cases: [counted] }

  it('has what was asked for in JSON', () => {
    const [one] = toJson(onGpu).cases
    expect(one.counts).toEqual({ ours: counted.participants.ours.counts, tfjs: counted.participants.tfjs.counts })
  })

  it('has columns of it, the adapter and its part', () => {
    const text = markdown(onGpu)
    expect(text).toContain('| ratio | asked | dispatches | submissions | pipelines | buffers | version |')
    expect(text).toContain('| tfjs | 3 ms | 3.75 ms | 10 % | 1.5 |  | 1,250 | 4 | 0 | 9 | 4.22.0 (webgpu) |')
    expect(text).toContain('| jax-js | - | - | - | - |  | - | - | - | - |  |')
    expect(text).toContain('GPU: acme <soft>, 10 GB/s copied, 80 GFLOP/s of multiply-adds. A processor plays it')
    expect(text).toContain("20 GFLOP/s, 25 % of the adapter's; dispatches of an evaluation 1, at most 3")
    expect(html(onGpu)).toContain('<p>GPU: acme &lt;soft&gt;, 10 GB/s copied')
    expect(html(onGpu)).toContain('<td>1,250</td>')
  })
})

describe('markdown', () => {
  const text = markdown(report)

  it('names the machine and its limits', () => {
    expect(text).toMatch(/^# Benchmarks: sample\n\n2026-11-24, Test & Sons, 2 cores, Node v24.0.0, load 0.5\./)
    expect(text).toContain('60 GB/s copied')
    expect(text).toContain('70 GFLOP/s of multiply-adds')
  })

  it('has a table for every case', () => {
    expect(text).toContain('## tensor/softmax\n\n|  | minimum | median | spread | ratio | asked | version |\n')
    expect(text).toContain('| ours | 4 ms | 5 ms | 10 % |  |  | 0.0.0 |')
    expect(text).toContain('| tfjs | 6 ms | 7.5 ms | 10 % | 1.5 | 1.1 | 4.22.0 |')
    expect(text).toContain('| jax-js | - | - | - | - | 8 |  |')
    expect(text).toContain('\njax-js: needs <more> memory.\n')
    expect(text).toContain('8.39 GB/s; guide 4.2 ms; first 20 ms; peak 32 MiB, 16 MiB beside the inputs')
  })

  it('tells why a case was skipped', () => {
    expect(text).toContain('## tensor/two, 2 threads\n\nSkipped: no idle core.')
  })

  it('lists what was missed, and says so when nothing was', () => {
    expect(text).toContain('## Not reached\n\n- tensor/softmax: ratio to ort 2, at least 3\n')
    expect(markdown({ ...report, cases: [] })).toContain('Everything asked for that was measured is reached.')
  })
})

describe('html', () => {
  const page = html(report)
  const { document } = parseHTML(page)

  it('has no script and nothing from elsewhere', () => {
    expect(document.querySelectorAll('script, link, img, iframe').length).toBe(0)
    expect(page).not.toMatch(/(src|href)="?http/)
  })

  it('has one plot of all ratios and one of the times of every measured case', () => {
    expect(document.querySelectorAll('svg').length).toBe(2)
    const [ratios, times] = [...document.querySelectorAll('svg')].map(svg => svg.textContent ?? '')
    expect(ratios).toContain('1.5 of 1.1')
    expect(ratios).toContain('2 of 3')
    expect(times).toContain('4 ms')
    expect(times).toContain('8 ms')
  })

  it('marks rows that are met and missed', () => {
    const names = (state: string) =>
      [...document.querySelectorAll(`tr.${state} td:first-child`)].map(td => td.textContent)
    expect(names('met')).toEqual(['tfjs'])
    expect(names('missed')).toEqual(['ort'])
  })

  it('shows markup in messages as text', () => {
    expect(page).toContain('jax-js: needs &lt;more&gt; memory')
    expect(page).toContain('Test &amp; Sons')
  })

  it('plots nothing where nothing was measured', () => {
    const page = html({ ...report, cases: [failed] })
    expect(page).not.toContain('<svg')
    expect(page).toContain('<p class="small">ours: add: shapes differ</p>')
  })
})

describe('writeReport', () => {
  it('writes three files of the same name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'surprisal-bench-test-'))
    try {
      const path = writeReport(join(folder, 'new'), report)
      expect(path).toBe(join(folder, 'new', 'sample'))
      expect(JSON.parse(readFileSync(`${path}.json`, 'utf8')).cases[0].participants).toEqual(
        JSON.parse(JSON.stringify(softmax.participants)),
      )
      expect(readFileSync(`${path}.md`, 'utf8')).toBe(markdown(report))
      expect(readFileSync(`${path}.html`, 'utf8')).toMatch(/^<!doctype html>/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
