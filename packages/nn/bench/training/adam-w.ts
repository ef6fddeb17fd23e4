/** AdamW as all participants do it. */
export const adamW = { lr: 1e-3, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0.01 }

/** Differences of losses of three steps that count as none. */
export const tolerance = { rtol: 2e-3 }
