import { foldIn, maximum, normal, realize, type Tensor } from '@surprisal/tensor'
import { prFlashCost, prFlashStats, scaledDotProductAttention } from '../src/index.ts'

const [length, blockSize, draws] = [256, 16, 100]

/** Adds what two sets of draws have summed. */
function pooled(a: Sums, b: Sums): Sums {
  const rowMax = maximum(a.rowMax, b.rowMax)
  const [x, y] = [a, b].map(sums => sums.rowMax.sub(rowMax).exp())
  return {
    numerator: a.numerator.mul(x.unsqueeze(-1)).add(b.numerator.mul(y.unsqueeze(-1))),
    denominator: a.denominator.mul(x).add(b.denominator.mul(y)),
    rowMax,
  }
}

interface Sums {
  numerator: Tensor
  denominator: Tensor
  rowMax: Tensor
}

/** Relative error against exact attention of what many draws come to together. */
async function errorAfter(count: number, importance: boolean, seed: number): Promise<number> {
  const [q, k, v] = [0, 1, 2].map(i => normal(foldIn(seed, i), [1, 1, length, 16]))
  const exact = scaledDotProductAttention(q, k, v, { isCausal: true })
  let sums: Sums | null = null
  for (let draw = 0; draw < count; draw++) {
    const next = prFlashStats(q, k, v, { blockSize, importance, key: foldIn(seed + 1000, draw) })
    sums = sums ? pooled(sums, next) : next
    await realize(sums.numerator, sums.denominator, sums.rowMax)
  }
  const { numerator, denominator } = sums as Sums
  const error = numerator.div(denominator.unsqueeze(-1)).sub(exact).norm().div(exact.norm())
  return (await error.item()) as number
}

/** Error after 100 draws; smaller is better. */
export default {
  claim:
    'numerators and denominators weighed by 1 / probability, pooled over draws of a third of the blocks, come to exact attention',
  baseline: 'the same without weights',
  seeds: [0, 1, 2],
  async run(seed: number) {
    const { expected, exact } = prFlashCost({ length, blockSize })
    return {
      method: await errorAfter(draws, true, seed),
      baseline: await errorAfter(draws, false, seed),
      details: {
        afterOneDraw: await errorAfter(1, true, seed),
        afterThousandDraws: await errorAfter(1000, true, seed),
        shareOfBlocks: expected / exact,
      },
    }
  },
}
