export type {
  BenchCase,
  Jax,
  JaxArray,
  JaxProgram,
  Limits,
  Named,
  Numbers,
  OwnProgram,
  Program,
  Session,
  Tfjs,
  TfjsProgram,
  TfjsTensor,
  TfjsTensor4D,
  Variant,
} from './case/bench-case.ts'
export { defineBench } from './case/define-bench.ts'
export type { InputSpec } from './case/inputs.ts'
export type { OnnxGraph } from './onnx/graph.ts'
