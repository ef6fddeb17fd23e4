declare module 'asciichart' {
  /** Draws a line chart of characters. */
  export function plot(series: readonly number[], options?: { height?: number; min?: number; max?: number }): string
  const asciichart: { plot: typeof plot }
  export default asciichart
}
