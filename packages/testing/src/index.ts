export { type MatcherResult, toBeAllclose } from './allclose.ts'
export { type CheckLossOptions, checkLoss } from './check-loss.ts'
export { type GradcheckOptions, gradcheck } from './gradcheck.ts'
export { defineLoss, type LossDescriptor, type LossDomain, type LossInput, type LossOption } from './loss-contract.ts'
export { compareValues, isClose } from './vectors/compare.ts'
export {
  type Expectation,
  type ProgramStep,
  parseVectorFile,
  type TensorJson,
  type Tolerance,
  type VectorCase,
  type VectorFile,
} from './vectors/format.ts'
export { type FileReport, type RunVectorsOptions, runVectorFile, runVectors, type VectorReport } from './vectors/run.ts'
export { type Exports, type Outcome, runCase } from './vectors/run-case.ts'
