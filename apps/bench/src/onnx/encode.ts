import type { OnnxAttribute, OnnxGraph, OnnxNode } from './graph.ts'
import { MessageWriter } from './protobuf.ts'

/** Element types of ONNX. */
const elementTypes = { float32: 1, int8: 3, int32: 6, int64: 7 } as const

/** Name, type and shape of a value. */
export interface OnnxValue {
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int8' | 'int32'
}

/**
 * An ONNX model of intermediate representation 8 and operator set 17; field numbers as in `onnx.proto`.
 * Outputs are float32.
 */
export function encodeOnnx(graph: OnnxGraph, inputs: Readonly<Record<string, OnnxValue>>): Uint8Array<ArrayBuffer> {
  const body = new MessageWriter()
  for (const node of graph.nodes) body.message(1, encodeNode(node))
  body.text(2, 'bench')
  for (const [name, values] of Object.entries(graph.constants ?? {})) body.message(5, encodeConstant(name, values))
  for (const [name, value] of Object.entries(inputs)) body.message(11, encodeValue(name, value))
  for (const [name, shape] of Object.entries(graph.outputs))
    body.message(12, encodeValue(name, { shape, dtype: 'float32' }))
  const operators = new MessageWriter().text(1, '').integer(2, 17)
  return new MessageWriter().integer(1, 8).message(7, body).message(8, operators).finish()
}

function encodeNode({ op, inputs, output, attributes = {} }: OnnxNode): MessageWriter {
  const node = new MessageWriter()
  for (const input of inputs) node.text(1, input)
  node.text(2, output).text(4, op)
  for (const [name, value] of Object.entries(attributes)) node.message(5, encodeAttribute(name, value))
  return node
}

function encodeAttribute(name: string, value: OnnxAttribute): MessageWriter {
  const attribute = new MessageWriter().text(1, name)
  if (typeof value === 'number') return attribute.float(2, value).integer(20, 1)
  if (typeof value === 'bigint') return attribute.integer(3, value).integer(20, 2)
  for (const entry of value) attribute.integer(8, entry)
  return attribute.integer(20, 7)
}

function encodeConstant(name: string, values: readonly number[]): MessageWriter {
  const tensor = new MessageWriter().integer(1, values.length).integer(2, elementTypes.int64)
  for (const value of values) tensor.integer(7, value)
  return tensor.text(8, name)
}

function encodeValue(name: string, { shape, dtype }: OnnxValue): MessageWriter {
  const dims = new MessageWriter()
  for (const size of shape) dims.message(1, new MessageWriter().integer(1, size))
  const tensor = new MessageWriter().integer(1, elementTypes[dtype]).message(2, dims)
  return new MessageWriter().text(1, name).message(2, new MessageWriter().message(1, tensor))
}
