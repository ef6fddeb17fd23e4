import { gpuForTests } from '@surprisal/webgpu-runtime/software'
import { type ProofOptions, prove } from './prove.ts'
import { vectorTexts } from './vector-texts.ts'

/*
 * node --conditions=@surprisal/source node.ts <adapter or minimum> <graphs> <seed>
 * Prints a proof as JSON, or null where there is no GPU.
 */
const [limits, graphs, seed] = process.argv.slice(2)
const options: ProofOptions = {
  limits: limits as ProofOptions['limits'],
  graphs: Number(graphs),
  seed: Number(seed),
  vectors: vectorTexts(),
}
const gpu = await gpuForTests()
console.log(JSON.stringify(gpu && (await prove(options, gpu))))
