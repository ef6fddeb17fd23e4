import { parseArgs } from 'node:util'
import { setLoopLimits } from '../../runtime.ts'
import { fuzz, fuzzGradients } from './programs.ts'

/*
 * pnpm test:fuzz [--runs 10000] [--seed 1] [--failures 5] [--loops] [--gradients [--order 2]]
 * Random programs in blocks of 1,000, each block with a seed of its own; goes on behind a failure with the next block.
 * With --loops nearly every value counts as large, so that loops over blocks of rows are formed wherever they can be.
 * With --gradients the gradients of the outputs are compared with the oracle's and with differences, with --order 2
 * those of the squared norm of the gradients.
 */

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    failures: { type: 'string', default: '5' },
    loops: { type: 'boolean', default: false },
    gradients: { type: 'boolean', default: false },
    order: { type: 'string', default: '1' },
  },
})
const [runs, seed, most] = [values.runs, values.seed, values.failures].map(Number)
if (![runs, seed, most].every(Number.isSafeInteger)) {
  console.error('test:fuzz: --runs, --seed and --failures must be integers')
  process.exit(2)
}

if (values.order !== '1' && values.order !== '2') {
  console.error('test:fuzz: --order must be 1 or 2')
  process.exit(2)
}
const order = values.order === '1' ? 1 : 2

if (values.loops) setLoopLimits({ largeBytes: 8, blockBytes: 64, fewestRows: 1 })

const block = 1000
let failures = 0
let done = 0
/** Programs of the kind that the last line counts beside all. */
let noted = 0
const note = (yes: boolean): void => {
  done += 1
  if (yes) noted += 1
}
const start = performance.now()
for (let at = 0; at * block < runs && failures < most; at++) {
  const size = { runs: Math.min(block, runs - at * block), seed: seed + at }
  const failure = values.gradients
    ? await fuzzGradients({ ...size, order, onProgram: (_, { slopes }) => note((slopes?.confirmed ?? 0) > 0) })
    : await fuzz({ ...size, onProgram: (_, { perturbedRuns }) => note(perturbedRuns > 0) })
  if (failure !== null) {
    failures += 1
    console.log(`${failure}\n`)
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  const what = values.gradients ? 'with slopes confirmed by differences' : 'compared by perturbed runs'
  console.log(`${done} programs, ${noted} ${what}, ${failures} failures, ${seconds} s`)
}
process.exitCode = failures > 0 ? 1 : 0
