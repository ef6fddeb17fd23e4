import * as library from 'onnxruntime-web'
import type { Session } from '../case/bench-case.ts'
import type { Input } from '../case/inputs.ts'
import { encodeOnnx } from '../onnx/encode.ts'
import type { OnnxGraph } from '../onnx/graph.ts'
import { type Runner, sessionRunner } from '../process/runner.ts'

/**
 * ONNX Runtime Web on its wasm provider. Its interface copies inputs in and outputs out with every evaluation, and
 * offers no way around that.
 */
export async function startOrt(
  graph: OnnxGraph,
  inputs: Readonly<Record<string, Input>>,
  threads: number,
): Promise<Runner> {
  library.env.wasm.numThreads = threads
  library.env.logLevel = 'error'
  const model = await library.InferenceSession.create(encodeOnnx(graph, inputs), { executionProviders: ['wasm'] })
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape, dtype }]) => [
      name,
      new library.Tensor(dtype, data as Float32Array, [...shape]),
    ]),
  )
  const session: Session = {
    async run() {
      await model.run(feeds)
    },
    async results() {
      const outputs = await model.run(feeds)
      return Object.keys(graph.outputs).map(name => outputs[name].data as Float32Array)
    },
  }
  return sessionRunner(`${library.env.versions.web} (wasm)`, session)
}
