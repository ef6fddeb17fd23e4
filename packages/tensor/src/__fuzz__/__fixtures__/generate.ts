import { isFloat } from '../../dtype.ts'
import { Draft, floats, type Maker, ref } from './draft.ts'
import { Draw, type Source } from './draw.ts'
import { binaryMakers } from './ops/binary.ts'
import { contractionMakers } from './ops/contractions.ts'
import { indexingMakers } from './ops/indexing.ts'
import { matrixMakers } from './ops/matrices.ts'
import { reductionMakers } from './ops/reductions.ts'
import { sourceMakers } from './ops/sources.ts'
import { unaryMakers } from './ops/unary.ts'
import { viewMakers } from './ops/views.ts'
import { windowMakers } from './ops/windows.ts'
import { withoutDeadItems } from './print.ts'
import { inputsOf, type Program } from './program.ts'
import { drawShape } from './shapes.ts'

const families: readonly { weight: number; makers: readonly Maker[] }[] = [
  { weight: 22, makers: unaryMakers },
  { weight: 28, makers: binaryMakers },
  { weight: 22, makers: viewMakers },
  { weight: 16, makers: reductionMakers },
  { weight: 10, makers: indexingMakers },
  { weight: 7, makers: contractionMakers },
  { weight: 3, makers: sourceMakers },
  { weight: 3, makers: windowMakers },
  { weight: 1, makers: matrixMakers },
]

/** The gradient of a scalar made of one value towards another one; false where none can be had. */
function addGradient(d: Draft): number | null {
  const candidates = [...d.items.keys()].filter(value => isFloat(d.dtype(value)))
  if (candidates.length === 0) return null
  const y = candidates[d.draw.chance(0.6) ? candidates.length - 1 : d.draw.int(0, candidates.length - 1)]
  const weighted = d.draw.chance(0.5) ? d.call('mul', [ref(y), ref(d.exactly(d.shape(y), floats))]) : y
  const loss = d.call(d.draw.pick(['sum', 'sum', 'mean']), [ref(weighted)])
  const before = ancestors(d, y).filter(value => isFloat(d.dtype(value)))
  const leaves = before.filter(value => d.items[value].kind === 'leaf')
  const params = d.draw.shuffle(leaves.length > 0 && d.draw.chance(0.8) ? leaves : before).slice(0, 2)
  const grads = params.map((_, pick) => d.call('gradients', [ref(loss), params.map(ref)], { pick, bound: 64 }))
  return d.draw.pick(grads)
}

function ancestors(d: Draft, value: number): number[] {
  const seen = new Set([value])
  for (let i = value; i >= 0; i--) if (seen.has(i)) for (const input of inputsOf(d.items[i])) seen.add(input)
  return [...seen]
}

function finish(d: Draft, grads: readonly number[]): Program {
  const { draw } = d
  const used = new Set(d.items.flatMap(inputsOf))
  const ends = [...d.items.keys()].filter(value => !used.has(value) && d.items[value].kind === 'call')
  const calls = [...d.items.keys()].filter(value => d.items[value].kind === 'call')
  const outputs = [...draw.shuffle(ends).slice(0, draw.int(1, 4)), ...grads]
  if (calls.length > 0 && draw.chance(0.4)) outputs.push(draw.pick(calls))
  const reads = calls.length > 0 && draw.chance(0.25) ? [draw.pick(calls)] : []
  return withoutDeadItems({
    items: d.items,
    rounds: d.rounds,
    reads,
    outputs: draw.shuffle(outputs),
    dispose: draw.chance(0.3),
  })
}

/** A random program, valid by construction. */
export function generateProgram(source: Source): Program {
  const draw = new Draw(source)
  const d = new Draft(draw, drawShape(draw), draw.chance(0.3) ? 2 : 1)
  const leaves = draw.int(1, 3)
  for (let i = 0; i < leaves; i++) d.value()
  const wanted = draw.chance(0.3) ? draw.int(3, 30) : draw.int(3, 12)
  for (let i = 0; i < wanted; i++) draw.weighted(draw.weighted(families).makers).make(d)
  const grads: number[] = []
  if (draw.chance(0.5)) {
    const first = addGradient(d)
    if (first !== null) grads.push(first)
    if (first !== null && draw.chance(0.15)) grads.push(addGradient(d) ?? first)
  }
  for (const t of d.tensors) t.dispose()
  return finish(d, grads)
}
