export type { Device } from './device.ts'
export type { Backend, Computed } from './devices/backend.ts'
export { registerBackend } from './devices/devices.ts'
export { bytesPerElement, type DType, dtypes, type HostArray, hostArray, isFloat, roundToHalf } from './dtype.ts'
export { type Explanation, explainSteps } from './explain-steps.ts'
export type { Scalar } from './fusion/build.ts'
export { type Access, type Group, type Instruction, operandsOf, type Store } from './fusion/group.ts'
export { labelOf } from './fusion/label.ts'
export type { LoopLimits } from './fusion/loops/limits.ts'
export { type KernelStep, type LoopStep, type ProductStep, planSteps, type Step, type Steps } from './fusion/steps.ts'
export { type Trace, trace } from './fusion/trace.ts'
export type { Read, Value } from './fusion/values.ts'
export type { BinaryName, Node, ReduceName, UnaryName } from './graph/node.ts'
export {
  type Block,
  checkReadable,
  createStorage,
  elementsOf,
  moveStorage,
  releaseStorage,
  type Storage,
} from './graph/storage.ts'
export type { Profile } from './profile.ts'
export { type KernelKind, referenceKernels } from './reference/executor.ts'
export { outOfRange } from './reference/indexing.ts'
export { normalTable } from './reference/normal-table.ts'
export { contiguousStrides, sizeOf } from './shape.ts'
export { nodeOf } from './tensor.ts'
export { joinDims } from './wasm/codegen/joined-space.ts'
export { type Dim, type GroupedAccess, joinAccess, positions } from './wasm/gemm/access.ts'
