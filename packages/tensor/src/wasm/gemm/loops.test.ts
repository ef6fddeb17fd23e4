import { expect, test } from 'vitest'
import { compile } from './__fixtures__/function.ts'
import { advance, smaller, times, whileBelow } from './loops.ts'

test('whileBelow takes steps from a constant or a local, and may take none', () => {
  const count = (step: number, local: boolean) =>
    compile(3, (code, [from, limit, step2]) => {
      const turns = code.local('i32')
      whileBelow(code, from, limit, local ? [step2] : step, () => advance(code, turns, 1))
      code.i32(0).get(turns).memory('i32.store')
    })
  for (const local of [false, true]) {
    const { call, ints } = count(3, local)
    for (const [from, limit, turns] of [
      [0, 7, 3],
      [0, 6, 2],
      [5, 5, 0],
      [-4, 2, 2],
      [9, 2, 0],
    ]) {
      call(from, limit, 3)
      expect(ints[0]).toBe(turns)
    }
  }
})

test('times counts down and may take no turn', () => {
  const { call, ints } = compile(1, (code, [counter]) => {
    const turns = code.local('i32')
    times(code, counter, () => advance(code, turns, 1))
    code.i32(0).get(turns).memory('i32.store').i32(0).get(counter).memory('i32.store', 4)
  })
  for (const turns of [0, 1, 5]) {
    call(turns)
    expect([ints[0], ints[1]]).toEqual([turns, 0])
  }
})

test('smaller is signed', () => {
  const { call, ints } = compile(2, (code, [a, b]) => {
    code.i32(0)
    smaller(code, a, b).memory('i32.store')
  })
  for (const [a, b] of [
    [1, 2],
    [2, 1],
    [-3, 1],
    [4, 4],
  ]) {
    call(a, b)
    expect(ints[0]).toBe(Math.min(a, b))
  }
})
