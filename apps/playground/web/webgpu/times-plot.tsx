import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Times } from './comparison.ts'
import { plotHeight, plotOptions } from './plot-options.ts'

/** What is drawn. */
export interface TimesPlotProps {
  times: Times
  hasGpu: boolean
}

const systemIsDark = matchMedia('(prefers-color-scheme: dark)')

/** The times so far; grows while they come in, and is drawn anew when the theme changes. */
export function TimesPlot({ times, hasGpu }: TimesPlotProps) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const data = useRef<uPlot.AlignedData>([[]])
  data.current = alignedOf(times, hasGpu)

  useEffect(() => {
    const element = place.current!
    const draw = () => {
      plot.current?.destroy()
      plot.current = new uPlot(plotOptions(element, hasGpu), data.current, element)
    }
    draw()
    const observer = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: plotHeight }))
    observer.observe(element)
    systemIsDark.addEventListener('change', draw)
    return () => {
      systemIsDark.removeEventListener('change', draw)
      observer.disconnect()
      plot.current?.destroy()
      plot.current = null
    }
  }, [hasGpu])

  useEffect(() => plot.current?.setData(data.current), [times])

  return (
    <div class="plot">
      <div ref={place} role="img" aria-label="Plot of the milliseconds of a run over the samples" />
    </div>
  )
}

function alignedOf(times: Times, hasGpu: boolean): uPlot.AlignedData {
  const samples = Math.max(times.cpu.length, times.webgpu.length)
  const padded = (values: readonly number[]) => Array.from({ length: samples }, (_, i) => values[i] ?? null)
  const numbers = Array.from({ length: samples }, (_, i) => i + 1)
  return hasGpu ? [numbers, padded(times.cpu), padded(times.webgpu)] : [numbers, padded(times.cpu)]
}
