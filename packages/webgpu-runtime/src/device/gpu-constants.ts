/*
 * Numbers of the WebGPU specification; where a GPU object is injected, there are no globals that hold them.
 */

export const bufferUsage = { mapRead: 1, copySource: 4, copyTarget: 8, uniform: 64, storage: 128, queryResolve: 512 }
export const mapRead = 1
export const computeStage = 4

/** Of buffers that kernels read and write. */
export const storageUsage = bufferUsage.storage | bufferUsage.copySource | bufferUsage.copyTarget
/** Of buffers that hold the parameters of a submission. */
export const uniformUsage = bufferUsage.uniform | bufferUsage.copyTarget
/** A uniform block starts at a multiple of this. */
export const uniformAlignment = 256
