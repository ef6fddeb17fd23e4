/** What a runtime has done since it was made. */
export interface RuntimeStats {
  /** Kernels that were put into submitted commands. */
  dispatches: number
  submissions: number
  pipelinesCompiled: number
  buffersCreated: number
  bytesUploaded: number
  bytesRead: number
}

/** All zero. */
export const createStats = (): RuntimeStats => ({
  dispatches: 0,
  submissions: 0,
  pipelinesCompiled: 0,
  buffersCreated: 0,
  bytesUploaded: 0,
  bytesRead: 0,
})
