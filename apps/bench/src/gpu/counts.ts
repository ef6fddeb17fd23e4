/** What a library asks of a GPU device. */
export interface Counts {
  /** Kernels put into commands. */
  readonly dispatches: number
  readonly submissions: number
  /** Compute pipelines made, at once or later. */
  readonly pipelines: number
  readonly buffers: number
}

/** The names of {@link Counts}, in the order of tables. */
export const countNames = ['dispatches', 'submissions', 'pipelines', 'buffers'] as const

/** The difference of two readings. */
export const countsBetween = (before: Counts, after: Counts): Counts =>
  combine(before, after, (earlier, later) => later - earlier)

/** The larger of each. */
export const mostCounts = (a: Counts, b: Counts): Counts => combine(a, b, Math.max)

const combine = (a: Counts, b: Counts, join: (a: number, b: number) => number): Counts => ({
  dispatches: join(a.dispatches, b.dispatches),
  submissions: join(a.submissions, b.submissions),
  pipelines: join(a.pipelines, b.pipelines),
  buffers: join(a.buffers, b.buffers),
})
