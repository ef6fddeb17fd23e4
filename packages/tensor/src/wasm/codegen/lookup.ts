import { SurprisalError } from '../../error.ts'
import type { Local } from '../code.ts'
import { loadOne } from '../lanes/index.ts'
import { temporaries } from '../lanes/temporaries.ts'
import type { Body, Place } from './body.ts'
import { gatherLanes } from './gather.ts'

/** Loads the elements that indices point at; an index out of range is reported and taken for 0. */
export function emitLookup(body: Body, i: number, place: Place, out: Local): void {
  const instruction = body.setting.layout.group.instructions[i]
  if (instruction.kind !== 'lookup') throw new SurprisalError('argument', `emitLookup: expected a lookup, got ${i}`)
  const { size, stride } = body.setting.lookups.bounds(i)
  const index = body.value(instruction.index)
  if (place === 'one') lookUpOne(body, i, size, stride, index, out)
  else lookUpLanes(body, i, place, size, stride, index, out)
}

function lookUpOne(body: Body, i: number, size: Local, stride: Local, index: Local, out: Local): void {
  const { code } = body
  const { frame, layout } = body.setting
  const cursor = layout.cursorOf[i]
  code.temporary('i32', at => {
    code.get(index).lane('i32x4.extract_lane', 0).tee(at).get(size).op('i32.ge_u')
    code.if(() => {
      frame.report(i + 1, at)
      code.i32(0).set(at)
    })
    code.get(body.pointers[cursor]).get(at).get(stride).op('i32.mul').op('i32.add').set(at)
    loadOne(code, layout.cursors[cursor].dtype, at, 0, out)
  })
}

function lookUpLanes(body: Body, i: number, place: Place, size: Local, stride: Local, index: Local, out: Local): void {
  const { code } = body
  const { frame, layout } = body.setting
  const cursor = layout.cursorOf[i]
  temporaries(code, (at, wrong) => {
    code.get(index)
    if (place === 'tail') code.get(body.setting.tail.mask).op('v128.and')
    code.tee(at).get(size).op('i32x4.splat').op('i32x4.ge_u').tee(wrong).op('v128.any_true')
    code.if(() => {
      for (const lane of [0, 1, 2, 3])
        code.temporary('i32', value => {
          code.get(wrong).lane('i32x4.extract_lane', lane)
          code.if(() => {
            code.get(at).lane('i32x4.extract_lane', lane).set(value)
            frame.report(i + 1, value)
          })
        })
      code.get(at).get(wrong).op('v128.andnot').set(at)
    })
    code.get(at).get(stride).op('i32x4.splat').op('i32x4.mul').set(at)
    body.positions(cursor, place, wrong)
    code.get(at).get(wrong).op('i32x4.add').set(at)
    const { dtype } = layout.cursors[cursor]
    gatherLanes(code, dtype, lane => code.get(at).lane('i32x4.extract_lane', lane), out)
  })
}
