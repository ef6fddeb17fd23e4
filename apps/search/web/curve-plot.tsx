import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { TrainingCurve } from '../src/server/types.ts'
import { curvePlotOptions, plotHeight } from './curve-plot-options.ts'
import { runningMean } from './running-mean.ts'
import type { Theme } from './use-theme.ts'

/** A training run, and the theme to draw it in. */
export interface CurvePlotProps {
  curve: TrainingCurve
  theme: Theme
}

/** Loss and learning rate over the steps; drawn anew when the theme or the width changes. */
export function CurvePlot({ curve, theme }: CurvePlotProps) {
  const place = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const element = place.current!
    const { learningRate } = curve
    const data = [
      curve.steps,
      curve.loss,
      runningMean(curve.loss),
      ...(learningRate === undefined ? [] : [learningRate]),
    ]
    const plot = new uPlot(curvePlotOptions(element, learningRate !== undefined), data as uPlot.AlignedData, element)
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: plotHeight }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [curve, theme])

  return (
    <div class="curve">
      <div ref={place} role="img" aria-label="Plot of the training loss over the steps" />
    </div>
  )
}
