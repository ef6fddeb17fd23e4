import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import type { CaseResult } from '../run/case-result.ts'
import { digits, duration } from './format.ts'

const palette = { ours: '#1f5fbf', met: '#4c9f70', missed: '#c8553d', free: '#9aa4b2' }

/** Bars of the least time of every participant, ours in blue, as SVG; empty where there are no times. */
export function timesPlot({ participants }: CaseResult): string {
  const bars = Object.entries(participants).flatMap(([name, { times }]) =>
    times ? [{ name, ms: times.minimum, fill: name === 'ours' ? palette.ours : palette.free }] : [],
  )
  if (bars.length === 0) return ''
  return svg({
    height: 30 + 26 * bars.length,
    x: { label: 'ms', grid: true, nice: true },
    y: { label: null, domain: bars.map(bar => bar.name) },
    marks: [
      Plot.barX(bars, { x: 'ms', y: 'name', fill: 'fill' }),
      Plot.text(bars, { x: 'ms', y: 'name', text: bar => duration(bar.ms), textAnchor: 'start', dx: 5 }),
      Plot.ruleX([0]),
    ],
  })
}

/** Bars of all ratios that something is asked of, on a logarithmic scale of ratio by target: right of 1 is reached. */
export function ratiosPlot(cases: readonly CaseResult[]): string {
  const bars = cases.flatMap(({ case: id, ratios, targets }) =>
    Object.entries(targets).flatMap(([name, target]) => {
      const ratio = ratios[name]
      if (ratio === undefined) return []
      const fill = ratio >= target ? palette.met : palette.missed
      return [{ name: `${id} : ${name}`, reached: ratio / target, fill, text: `${digits(ratio)} of ${digits(target)}` }]
    }),
  )
  if (bars.length === 0) return ''
  return svg({
    height: 40 + 20 * bars.length,
    marginLeft: 300,
    x: { label: 'ratio by what is asked', type: 'log', grid: true },
    y: { label: null, domain: bars.map(bar => bar.name) },
    marks: [
      Plot.barX(bars, { x1: 1, x2: 'reached', y: 'name', fill: 'fill' }),
      Plot.text(bars, { x: bar => Math.max(1, bar.reached), y: 'name', text: 'text', textAnchor: 'start', dx: 5 }),
      Plot.ruleX([1]),
    ],
  })
}

function svg(options: Plot.PlotOptions): string {
  const { document } = parseHTML('<html><body></body></html>')
  const plot = Plot.plot({ width: 860, marginLeft: 130, marginRight: 90, ...options, document: document as never })
  return plot.outerHTML
}
