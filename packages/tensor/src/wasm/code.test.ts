import { expect, test } from 'vitest'
import { Assembler } from './assembler.ts'
import type { Code, ValueType } from './code.ts'

const memory = new WebAssembly.Memory({ initial: 1 })

/** Compiles one function and returns it. */
function compile<F>(parameters: ValueType[], results: ValueType[], write: (code: Code) => void): F {
  const assembler = new Assembler()
  assembler.importMemory('host', 'memory', { initial: 1 })
  assembler.function('f', parameters, results, write)
  const module = new WebAssembly.Module(assembler.finish())
  return new WebAssembly.Instance(module, { host: { memory } }).exports.f as F
}

test.each([0, 1, -1, 63, 64, -65, 2147483647, -2147483648])('i32 constant %i', value => {
  expect(compile<() => number>([], ['i32'], code => code.i32(value))()).toBe(value)
})

test('an i32 constant above 2^31 wraps as a pointer does', () => {
  expect(compile<() => number>([], ['i32'], code => code.i32(4294967288))()).toBe(-8)
})

test.each([0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)])('i64 constant %s', value => {
  expect(compile<() => bigint>([], ['i64'], code => code.i64(value))()).toBe(value)
})

test.each([0, -0, 1.5, -3.25e-20, Number.POSITIVE_INFINITY, Number.NaN])('f32 and f64 constants %d', value => {
  expect(compile<() => number>([], ['f32'], code => code.f32(value))()).toBe(Math.fround(value))
  expect(compile<() => number>([], ['f64'], code => code.f64(value))()).toBe(value)
})

test('vector constants have four lanes, one value fills all', () => {
  const write = (code: Code) => {
    code.i32(0).i32x4(1, -2, 3, -4).memory('v128.store')
    code.i32(0).f32x4(0.5).memory('v128.store', 16)
  }
  compile<() => void>([], [], write)()
  expect([...new Int32Array(memory.buffer, 0, 4)]).toEqual([1, -2, 3, -4])
  expect([...new Float32Array(memory.buffer, 16, 4)]).toEqual([0.5, 0.5, 0.5, 0.5])
})

test('locals start at zero and come after the parameters', () => {
  const sum = compile<(a: number, b: number) => number>(['f64', 'f64'], ['f64'], code => {
    const total = code.local('f64')
    const unused = code.local('i32')
    expect([total, unused]).toEqual([2, 3])
    code.get(0).get(1).op('f64.add').get(total).op('f64.add').tee(total).drop().get(total)
  })
  expect(sum(2, 3.5)).toBe(5.5)
})

test('repeat runs its body as often as the counter says', () => {
  const power = compile<(base: number, exponent: number) => number>(['i32', 'i32'], ['i32'], code => {
    const product = code.local('i32')
    code.i32(1).set(product)
    code.repeat(1, () => code.get(product).get(0).op('i32.mul').set(product))
    code.get(product)
  })
  expect(power(3, 1)).toBe(3)
  expect(power(3, 7)).toBe(2187)
})

test('branches leave blocks and repeat loops from any depth', () => {
  const collatz = compile<(n: number) => number>(['i32'], ['i32'], code => {
    const steps = code.local('i32')
    code.block(end => {
      code.loop(start => {
        code.get(0).i32(1).op('i32.eq').branchIf(end)
        code.get(steps).i32(1).op('i32.add').set(steps)
        code
          .get(0)
          .i32(1)
          .op('i32.and')
          .if(() => {
            code.get(0).i32(3).op('i32.mul').i32(1).op('i32.add').set(0)
            code.branch(start)
          })
        code.get(0).i32(1).op('i32.shr_u').set(0).branch(start)
      })
    })
    code.get(steps)
  })
  expect(collatz(1)).toBe(0)
  expect(collatz(6)).toBe(8)
  expect(collatz(27)).toBe(111)
})

test('if with two branches can leave a value, select picks one', () => {
  const absolute = compile<(x: number) => number>(['f64'], ['f64'], code => {
    code
      .get(0)
      .f64(0)
      .op('f64.lt')
      .if(
        () => code.get(0).op('f64.neg'),
        () => code.get(0),
        'f64',
      )
  })
  expect([absolute(-2.5), absolute(4)]).toEqual([2.5, 4])
  const larger = compile<(x: number, y: number) => number>(['i32', 'i32'], ['i32'], code => {
    code.get(0).get(1).get(0).get(1).op('i32.gt_s').select()
  })
  expect([larger(3, 9), larger(9, 3)]).toEqual([9, 9])
})

test('return ends the function early', () => {
  const guarded = compile<(x: number) => number>(['i32'], ['i32'], code => {
    code
      .get(0)
      .op('i32.eqz')
      .if(() => code.i32(-1).return())
    code.i32(100).get(0).op('i32.div_s')
  })
  expect([guarded(0), guarded(7)]).toEqual([-1, 14])
})

test('shuffle and lanes move parts of vectors', () => {
  new Float32Array(memory.buffer).set([1, 2, 3, 4, 5, 6, 7, 8])
  const run = compile<() => number>([], ['f32'], code => {
    const mixed = code.local('v128')
    code.i32(0).memory('v128.load').i32(0).memory('v128.load', 16)
    code.shuffle([0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23]).set(mixed)
    code.i32(64).get(mixed).memory('v128.store')
    code.i32(80).get(mixed).memoryLane('v128.store32_lane', 2, 4)
    code.get(mixed).lane('f32x4.extract_lane', 3)
  })
  expect(run()).toBe(6)
  expect([...new Float32Array(memory.buffer, 64, 6)]).toEqual([1, 5, 2, 6, 0, 2])
})

test('scalars go to memory and back', () => {
  const roundTrip = compile<(x: number) => number>(['f64'], ['f64'], code => {
    code.i32(256).get(0).memory('f64.store', 8).i32(264).memory('f64.load')
  })
  expect(roundTrip(Math.PI)).toBe(Math.PI)
})
