import { parseArgs } from 'node:util'
import { setLoopLimits } from '../../runtime.ts'
import { fuzz } from './programs.ts'

/*
 * pnpm test:fuzz [--runs 10000] [--seed 1] [--failures 5] [--loops]
 * Random programs in blocks of 1,000, each block with a seed of its own; goes on behind a failure with the next block.
 * With --loops nearly every value counts as large, so that loops over blocks of rows are formed wherever they can be.
 */

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    failures: { type: 'string', default: '5' },
    loops: { type: 'boolean', default: false },
  },
})
const [runs, seed, most] = [values.runs, values.seed, values.failures].map(Number)
if (![runs, seed, most].every(Number.isSafeInteger)) {
  console.error('test:fuzz: --runs, --seed and --failures must be integers')
  process.exit(2)
}

if (values.loops) setLoopLimits({ largeBytes: 8, blockBytes: 64, fewestRows: 1 })

const block = 1000
let failures = 0
let done = 0
let explained = 0
const start = performance.now()
for (let at = 0; at * block < runs && failures < most; at++) {
  const size = Math.min(block, runs - at * block)
  const failure = await fuzz({
    runs: size,
    seed: seed + at,
    onProgram: (_, { perturbedRuns }) => {
      done += 1
      if (perturbedRuns > 0) explained += 1
    },
  })
  if (failure !== null) {
    failures += 1
    console.log(`${failure}\n`)
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  console.log(`${done} programs, ${explained} compared by perturbed runs, ${failures} failures, ${seconds} s`)
}
process.exitCode = failures > 0 ? 1 : 0
