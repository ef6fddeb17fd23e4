import type { Code, Local } from '../code.ts'
import { loadLanes } from '../lanes/index.ts'
import { vectors } from '../lanes/temporaries.ts'
import type { Phase } from '../lowered.ts'
import { Blueprint } from './blueprint.ts'
import { Body, firstCopy } from './body.ts'
import { begin, end } from './frame.ts'
import { type Layout, patternOf, variationOf } from './layout.ts'
import { Walk } from './walk.ts'
import { heaviest, nanosecondsPerWeight, totalWeight } from './weights.ts'

/** Rows of a unit: as many float32 elements as a line of the cache holds. */
const unitRows = 16

/** What a transposed element costs beside the arithmetic, as weight. */
const transposition = 3

/** The axis along which transposed operands lie densely, or null where no operand asks for tiles. */
export function tiledAxis({ group, axes, cursors, cursorOf }: Layout): number | null {
  const inner = axes.length - 1
  if (axes[inner].size < 4 || totalWeight(group.instructions) > heaviest) return null
  for (const [i, instruction] of group.instructions.entries()) {
    const cursor = cursors[cursorOf[i]]
    if (instruction.kind !== 'load' || patternOf(cursor, inner) !== 'strided') continue
    const along = axes.findIndex((axis, a) => a !== inner && axis.size >= 4 && cursor.strides[a] === cursor.unit)
    if (along >= 0) return along
  }
  return null
}

/**
 * A pointwise kernel with operands that lie densely along an outer axis. It goes through tiles of four by four, which
 * are loaded along that axis and transposed in registers; a unit is a strip of rows along the inner axis.
 */
export function lowerTiles(layout: Layout, along: number): Phase {
  const { axes, cursors, cursorOf, group } = layout
  const inner = axes.length - 1
  const blueprint = new Blueprint(layout, inner)
  const { words } = blueprint
  const walk = new Walk(
    words,
    axes,
    cursors,
    axes.map((_, a) => a).filter(a => a !== along && a !== inner),
  )
  const rows = axes[along].size
  const strips = Math.ceil(rows / unitRows)
  const [heightWord, widthWord, stripsWord] = [words.add(rows), words.add(axes[inner].size), words.add(strips)]
  const rowStrides = words.add(...cursors.map(cursor => cursor.strides[along]))

  const variation = variationOf(layout)
  const numbers = group.instructions.map((_, i) => i)
  const inCalls = numbers.filter(i => !variation[i].includes(true))
  const values = numbers.filter(i => variation[i].includes(true))
  const isTransposed = (c: number) =>
    c >= 0 && patternOf(cursors[c], inner) === 'strided' && cursors[c].strides[along] === cursors[c].unit
  const transposed = values.filter(
    i => layout.same[i] === i && group.instructions[i].kind === 'load' && isTransposed(cursorOf[i]),
  )
  const others = values.filter(i => !transposed.includes(layout.same[i]))
  const stores = group.stores.map((_, s) => s)
  const weight = totalWeight(values.map(i => group.instructions[i])) + stores.length + transposition

  const write = (code: Code): void => {
    const setting = blueprint.open(code)
    const { frame, tail } = setting
    const integers = () => code.local('i32')
    const add = (pointer: Local, amount: Local) => code.get(pointer).get(amount).op('i32.add').set(pointer)
    const once = new Body(setting, setting.pointers)
    once.emit(inCalls, 'one')
    walk.prepare(frame)
    const [height, width, perPosition] = [heightWord, widthWord, stripsWord].map(word => frame.hold(word))
    const strides = cursors.map((_, c) => frame.hold(rowStrides + c))
    const [position, first, count, across, down] = [0, 0, 0, 0, 0].map(integers)
    const strip = cursors.map(integers)
    const tileRows = [0, 1, 2, 3].map(() => cursors.map(integers))
    const bodies = tileRows.map(pointers => {
      const known = [...once.values]
      for (const i of transposed) known[i] = code.local('v128')
      return new Body(setting, pointers, known)
    })
    const row = new Body(setting, tileRows[0], once.values)
    const moving = row.cursorsOf(values, stores)

    /** Loads a tile along the rows' axis and leaves its rows in the locals of the bodies. */
    const transpose = (i: number): void => {
      const cursor = cursorOf[i]
      const stride = setting.inner.stride(cursor)
      vectors(code, 4, lines => {
        code.temporary('i32', address => {
          code.get(tileRows[0][cursor]).set(address)
          lines.forEach((line, k) => {
            if (k > 0) add(address, stride)
            loadLanes(code, cursors[cursor].dtype, address, 0, line)
          })
        })
        const tile = bodies.map(body => body.value(i))
        transposeTile(code, lines, tile)
      })
    }
    const step = (count: number) => {
      for (const c of cursors.keys())
        code.get(tileRows[0][c]).get(strides[c]).i32(count).op('i32.mul').op('i32.add').set(tileRows[0][c])
    }
    const tile = (): void => {
      for (const r of [1, 2, 3])
        for (const c of cursors.keys())
          code
            .get(tileRows[r - 1][c])
            .get(strides[c])
            .op('i32.add')
            .set(tileRows[r][c])
      for (const i of transposed) transpose(i)
      for (const body of bodies) {
        body.emit(others, firstCopy)
        for (const s of stores) body.store(s, firstCopy)
      }
      step(4)
    }
    const rowsLeft = (place: typeof firstCopy | 'tail'): void => {
      code.get(down).if(() =>
        code.repeat(down, () => {
          row.emit(values, place)
          for (const s of stores) row.store(s, place)
          step(1)
        }),
      )
    }
    const toStrip = () => {
      for (const c of cursors.keys()) code.get(strip[c]).set(tileRows[0][c])
    }

    code.loop(again => {
      for (const c of cursors.keys()) code.get(setting.pointers[c]).set(strip[c])
      code.get(begin).get(perPosition).op('i32.div_u').set(position)
      walk.start(frame, strip, position)
      code.get(begin).get(perPosition).op('i32.rem_u').i32(unitRows).op('i32.mul').set(first)
      for (const c of cursors.keys())
        code.get(strip[c]).get(first).get(strides[c]).op('i32.mul').op('i32.add').set(strip[c])
      code.get(height).get(first).op('i32.sub').set(count)
      code.get(count).i32(unitRows).get(count).i32(unitRows).op('i32.lt_u').select().set(count)
      code.get(width).i32(2).op('i32.shr_u').set(across)
      code.repeat(across, () => {
        toStrip()
        code.get(count).i32(2).op('i32.shr_u').tee(down)
        code.if(() => code.repeat(down, tile))
        code.get(count).i32(3).op('i32.and').set(down)
        rowsLeft(firstCopy)
        for (const c of moving) {
          code.get(strip[c])
          if (setting.inner.pattern(c) === 'strided') code.get(setting.inner.stride(c))
          else code.i32(cursors[c].unit)
          code.i32(2).op('i32.shl').op('i32.add').set(strip[c])
        }
      })
      code.get(width).i32(3).op('i32.and').tee(down)
      code.if(() => {
        tail.begin(code, down)
        toStrip()
        code.get(count).set(down)
        rowsLeft('tail')
      })
      code.get(begin).i32(1).op('i32.add').tee(begin).get(end).op('i32.lt_u').branchIf(again)
    })
  }

  const positions = axes.reduce((product, axis, a) => (a === along || a === inner ? product : product * axis.size), 1)
  return {
    key: `tiles ${along};${blueprint.key};${walk.key};${transposed.join()}`,
    write,
    words: words.finish(),
    units: positions * strips,
    unitCost: Math.min(unitRows, rows) * axes[inner].size * weight * nanosecondsPerWeight,
    scratchBytes: 0,
  }
}

const pairs = (offset: number) => [0, 1, 2, 3].map(byte => offset + byte)

/** Writes the columns of four vectors into four other ones. */
function transposeTile(code: Code, lines: readonly Local[], out: readonly Local[]): void {
  const [a, b, c, d] = lines
  const low = [...pairs(0), ...pairs(16), ...pairs(4), ...pairs(20)]
  const high = [...pairs(8), ...pairs(24), ...pairs(12), ...pairs(28)]
  const firstHalves = [...pairs(0), ...pairs(4), ...pairs(16), ...pairs(20)]
  const lastHalves = [...pairs(8), ...pairs(12), ...pairs(24), ...pairs(28)]
  vectors(code, 4, ([ab, cd, abHigh, cdHigh]) => {
    code.get(a).get(b).shuffle(low).set(ab).get(c).get(d).shuffle(low).set(cd)
    code.get(a).get(b).shuffle(high).set(abHigh).get(c).get(d).shuffle(high).set(cdHigh)
    code.get(ab).get(cd).shuffle(firstHalves).set(out[0])
    code.get(ab).get(cd).shuffle(lastHalves).set(out[1])
    code.get(abHigh).get(cdHigh).shuffle(firstHalves).set(out[2])
    code.get(abHigh).get(cdHigh).shuffle(lastHalves).set(out[3])
  })
}
