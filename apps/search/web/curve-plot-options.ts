import type uPlot from 'uplot'

/** Height of the plot in pixels, without its legend. */
export const plotHeight = 320

/**
 * How the training curve is drawn: faint loss, strong running mean, and the learning rate against an axis of its own.
 *
 * @param element where the plot will stand; gives the width, the font and the colours of the theme.
 */
export function curvePlotOptions(element: HTMLElement, hasRate: boolean): uPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const font = `12px ${style.fontFamily}`
  const line = { stroke: colour('--plot-grid'), width: 1 }
  const axis = (label: string): uPlot.Axis => ({
    label,
    labelSize: 18,
    font,
    labelFont: font,
    stroke: colour('--plot-text'),
    grid: line,
    ticks: line,
  })
  const series = (label: string, stroke: string, width: number): uPlot.Series => ({
    label,
    stroke: colour(stroke),
    width,
    points: { show: false },
  })
  const rateSeries = { ...series('learning rate', '--plot-rate', 1.5), scale: 'rate', dash: [5, 5], value: formatRate }
  const rateAxis: uPlot.Axis = {
    ...axis('learning rate'),
    scale: 'rate',
    side: 1,
    size: 64,
    grid: { show: false },
    values: (plot, ticks) => ticks.map(tick => formatRate(plot, tick)),
  }
  return {
    width: element.clientWidth,
    height: plotHeight,
    scales: { x: { time: false } },
    series: [
      { label: 'step' },
      series('loss', '--plot-loss-faint', 1),
      series('mean', '--plot-loss', 2),
      ...(hasRate ? [rateSeries] : []),
    ],
    axes: [{ ...axis('step'), size: 36 }, axis('loss'), ...(hasRate ? [rateAxis] : [])],
    cursor: { drag: { x: false, y: false } },
  }
}

function formatRate(_plot: uPlot, rate: number | null): string {
  return rate === null ? '--' : String(Number(rate.toPrecision(2)))
}
