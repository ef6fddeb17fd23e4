import type { Code, Local } from '../code.ts'
import { advance, smaller, times } from './loops.ts'

/**
 * Writes the offsets in bytes of positions `from` to `from + count` of a group of dims as a table of i32.
 * @param code what to write to
 * @param list address of the group's words, see `groupWords`
 * @param from first position; it counts on
 * @param count how many; it is counted down to zero
 * @param to where the table begins; it ends behind the last entry
 * @param base added to each entry
 */
export function writeOffsets(code: Code, list: Local, from: Local, count: Local, to: Local, base: Local): void {
  const [rest, offset, run, stride] = Array.from({ length: 4 }, () => code.local('i32'))
  code.get(list).memory('i32.load', 8).set(stride)
  code.block(end => {
    code.loop(next => {
      code.get(count).op('i32.eqz').branchIf(end)
      code.get(from).set(rest).get(base).set(offset)
      addOffset(code, list, rest, offset)
      // What is left of the innermost dim needs no division.
      code.get(list).memory('i32.load', 4)
      code.get(from).get(list).memory('i32.load', 4).op('i32.rem_u').op('i32.sub').set(run)
      smaller(code, run, count).set(run)
      code.get(from).get(run).op('i32.add').set(from).get(count).get(run).op('i32.sub').set(count)
      times(code, run, () => {
        code.get(to).get(offset).memory('i32.store')
        advance(code, to, 4)
        code.get(offset).get(stride).op('i32.add').set(offset)
      })
      code.branch(next)
    })
  })
}

/** Adds to `sum` the offset in bytes of one position of a group; `position` is used up. */
export function addOffset(code: Code, list: Local, position: Local, sum: Local): void {
  const [dim, dims] = [code.local('i32'), code.local('i32')]
  code.get(list).i32(4).op('i32.add').set(dim).get(list).memory('i32.load').set(dims)
  code.repeat(dims, () => {
    code.get(position).get(dim).memory('i32.load').op('i32.rem_u').get(dim).memory('i32.load', 4).op('i32.mul')
    code.get(sum).op('i32.add').set(sum)
    code.get(position).get(dim).memory('i32.load').op('i32.div_u').set(position)
    advance(code, dim, 8)
  })
}

/** Continues a table of addresses up to the entry at `end`, as if the lines that are missing followed in memory. */
export function padAddresses(code: Code, to: Local, end: Local, elementBytes: number): void {
  code.block(done => {
    code.loop(next => {
      code.get(to).get(end).op('i32.ge_u').branchIf(done)
      code.get(to).get(to).i32(4).op('i32.sub').memory('i32.load').i32(elementBytes).op('i32.add').memory('i32.store')
      advance(code, to, 4)
      code.branch(next)
    })
  })
}
