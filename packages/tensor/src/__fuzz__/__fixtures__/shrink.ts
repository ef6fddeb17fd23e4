import { withoutDeadItems } from './print.ts'
import {
  type Item,
  inputsOf,
  isPerRound,
  isReference,
  type Leaf,
  mapArgument,
  oracleValues,
  type Program,
} from './program.ts'

const replaceItem = (program: Program, at: number, item: Item): Program =>
  withoutDeadItems({ ...program, items: program.items.map((old, i) => (i === at ? item : old)) })

/** One round instead of several. */
function* fewerRounds(program: Program): Generator<Program> {
  if (program.rounds === 1) return
  for (let round = 0; round < program.rounds; round++)
    yield {
      ...program,
      rounds: 1,
      items: program.items.map(item =>
        item.kind === 'leaf'
          ? { ...item, values: [item.values[round]] }
          : {
              ...item,
              args: item.args.map(arg =>
                mapArgument(arg, part => (isPerRound(part) ? { each: [part.each[round]] } : part)),
              ),
            },
      ),
    }
}

/** Less that is read, and nothing disposed of. */
function* fewerReads(program: Program): Generator<Program> {
  const { reads, outputs } = program
  if (program.dispose) yield { ...program, dispose: false }
  if (reads.length > 0 && outputs.length > 0) yield withoutDeadItems({ ...program, reads: [] })
  if (reads.length > 0 && outputs.length > 0) yield withoutDeadItems({ ...program, outputs: [] })
  if (outputs.length > 1) for (const output of outputs) yield withoutDeadItems({ ...program, outputs: [output] })
  for (const [i] of outputs.entries())
    if (outputs.length > 2) yield withoutDeadItems({ ...program, outputs: outputs.filter((_, j) => j !== i) })
}

/** A call replaced by data: what the oracle says its value is. Late calls first, which takes most away. */
function* cuts(program: Program): Generator<Program> {
  const rounds = Array.from({ length: program.rounds }, (_, round) => oracleValues(program, round))
  for (let at = program.items.length - 1; at >= 0; at--) {
    if (program.items[at].kind === 'leaf' || inputsOf(program.items[at]).length === 0) continue
    const { shape, dtype } = rounds[0][at]
    yield replaceItem(program, at, { kind: 'leaf', shape, dtype, values: rounds.map(all => Array.from(all[at].data)) })
  }
}

/** A value left out: what it was used for takes an earlier one of the same shape and dtype. */
function* detours(program: Program): Generator<Program> {
  const values = oracleValues(program, 0)
  for (let at = program.items.length - 1; at > 0; at--)
    for (let other = 0; other < at; other++) {
      if (values[other].dtype !== values[at].dtype || values[other].shape.join() !== values[at].shape.join()) continue
      if (program.items[at].kind === 'leaf' && program.items[other].kind !== 'leaf') continue
      const redirect = (value: number): number => (value === at ? other : value)
      const items = program.items.map(item =>
        item.kind === 'leaf'
          ? item
          : {
              ...item,
              args: item.args.map(arg =>
                mapArgument(arg, part => (isReference(part) ? { ref: redirect(part.ref) } : part)),
              ),
            },
      )
      yield withoutDeadItems({
        ...program,
        items,
        outputs: program.outputs.map(redirect),
        reads: program.reads.map(redirect),
      })
    }
}

/** The elements of a leaf with one dim shortened. */
function shortened({ shape, values }: Leaf, dim: number, size: number): number[][] {
  const inner = shape.slice(dim + 1).reduce((a, b) => a * b, 1)
  return values.map(round => round.filter((_, i) => Math.floor(i / inner) % shape[dim] < size))
}

/** One size of dims made less wherever it occurs, in leaves and in arguments. */
function* smallerDims(program: Program): Generator<Program> {
  const sizes = new Set(program.items.flatMap(item => (item.kind === 'leaf' ? item.shape : [])))
  for (const from of [...sizes].sort((a, b) => b - a)) {
    const resize = (part: unknown): unknown =>
      Array.isArray(part) ? part.map(x => (x === to ? x : x === from ? to : resize(x))) : part
    let to = 0
    for (const candidate of [1, 2, Math.floor(from / 2), from - 1]) {
      if (candidate >= from || candidate < 1) continue
      to = candidate
      const items = program.items.map(item => {
        if (item.kind === 'call') return { ...item, args: item.args.map(resize) }
        let leaf = item
        for (const [dim, size] of item.shape.entries())
          if (size === from) leaf = { ...leaf, values: shortened(leaf, dim, to), shape: leaf.shape.with(dim, to) }
        return leaf
      })
      yield { ...program, items }
    }
  }
}

/** How much there is to read in some numbers. */
function plainness(rounds: readonly (readonly number[])[]): number {
  let sum = 0
  for (const x of rounds.flat()) sum += Object.is(x, 0) ? 0 : x === 1 ? 1 : Number.isInteger(x) && x < 8 ? 2 : 3
  return sum
}

/** Plainer numbers in the leaves, so that no step can be undone by another. */
function* plainerLeaves(program: Program): Generator<Program> {
  for (const [at, item] of program.items.entries()) {
    if (item.kind !== 'leaf') continue
    const simpler: ((x: number, i: number, all: readonly number[]) => number)[] = [
      () => 0,
      () => 1,
      (_, i) => i % 8,
      x => Math.round(x),
      (x, i, all) => (i < all.length / 2 ? x : 0),
      (x, i, all) => (i >= all.length / 2 ? x : 0),
    ]
    for (const change of simpler) {
      const values = item.values.map(round => round.map(change))
      if (plainness(values) < plainness(item.values))
        yield { ...program, items: program.items.with(at, { ...item, values }) }
    }
  }
}

function runs(program: Program): boolean {
  try {
    for (let round = 0; round < program.rounds; round++) oracleValues(program, round)
    return true
  } catch {
    return false
  }
}

/**
 * Smaller programs that may still fail, the greatest steps first; only such as the oracle can run, unless it could
 * not run the program itself.
 */
export function* smallerPrograms(program: Program): Generator<Program> {
  const runnable = runs(program)
  const steps = runnable
    ? [fewerRounds, fewerReads, cuts, detours, smallerDims, plainerLeaves]
    : [fewerRounds, fewerReads]
  for (const step of steps) for (const smaller of step(program)) if (!runnable || runs(smaller)) yield smaller
}
