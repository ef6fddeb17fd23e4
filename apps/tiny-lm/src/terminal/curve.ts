import asciichart from 'asciichart'

/** Columns that a terminal has at least. */
const width = 68

/** Means of neighbouring values, so that there are at most `columns`. */
export function shrink(values: readonly number[], columns: number): number[] {
  if (values.length <= columns) return [...values]
  return Array.from({ length: columns }, (_, i) => {
    const [from, to] = [i, i + 1].map(place => Math.floor((place * values.length) / columns))
    const part = values.slice(from, to)
    return part.reduce((sum, value) => sum + value, 0) / part.length
  })
}

/** A curve of losses in characters, with what it shows above it; empty for fewer than two. */
export function curveText(losses: readonly number[]): string {
  if (losses.length < 2) return ''
  return `Loss in nats per token over ${losses.length} steps\n${asciichart.plot(shrink(losses, width), { height: 10 })}`
}
