/** A number, a list of whole numbers, or a whole number written as a bigint (a plain number is a float). */
export type OnnxAttribute = number | bigint | readonly number[]

/** One operator of an ONNX graph. */
export interface OnnxNode {
  /** Name of the operator, such as `MatMul`. */
  readonly op: string
  /** Names of inputs of the graph, constants or earlier outputs. */
  readonly inputs: readonly string[]
  readonly output: string
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>
}

/** A computation for ONNX Runtime; its inputs are those of the case. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[]
  /** Shape of every output by its name. */
  readonly outputs: Readonly<Record<string, readonly number[]>>
  /** Small constants, such as the axes of a reduction: lists of 64-bit integers. */
  readonly constants?: Readonly<Record<string, readonly number[]>>
}
