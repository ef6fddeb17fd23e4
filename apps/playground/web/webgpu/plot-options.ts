import type uPlot from 'uplot'
import { deviceNames, formatTime } from './format.ts'

/** Height of the plot in pixels, without its legend. */
export const plotHeight = 240

/**
 * Milliseconds of a run over the samples, on a logarithmic scale, as the devices may be far apart.
 * @param element where the plot will stand; gives the width, the font and the colours of the theme
 */
export function plotOptions(element: HTMLElement, hasGpu: boolean): uPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const font = `12px ${style.fontFamily}`
  const line = { stroke: colour('--plot-grid'), width: 1 }
  const axis = { font, labelFont: font, labelSize: 18, stroke: colour('--plot-text'), grid: line, ticks: line }
  const series = (label: string, stroke: string): uPlot.Series => ({
    label,
    stroke: colour(stroke),
    width: 2,
    points: { show: true, size: 5, fill: colour(stroke) },
    value: (_plot, value: number | null) => (value === null ? '–' : formatTime(value)),
  })
  return {
    width: element.clientWidth,
    height: plotHeight,
    scales: { x: { time: false }, y: { distr: 3 } },
    series: [
      { label: 'sample' },
      series(deviceNames.cpu, '--plot-cpu'),
      ...(hasGpu ? [series(deviceNames.webgpu, '--plot-webgpu')] : []),
    ],
    axes: [
      { ...axis, label: 'sample', size: 36, incrs: [1, 2, 5, 10, 20] },
      { ...axis, label: 'milliseconds', size: 56, values: (_plot, ticks) => ticks.map(labelOf) },
    ],
    cursor: { drag: { x: false, y: false } },
  }
}

/** The plot asks for a label for each of nine lines a decade, or null where lines are close; 1, 2 and 5 are enough. */
export function labelOf(tick: number | null): string {
  if (tick === null) return ''
  const leading = Number(tick.toExponential(0)[0])
  return leading === 1 || leading === 2 || leading === 5 ? String(Number(tick.toPrecision(2))) : ''
}
