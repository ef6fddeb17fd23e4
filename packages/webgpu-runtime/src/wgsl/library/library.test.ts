import { expect, it } from 'vitest'
import { describeGpu } from '../../__fixtures__/gpu.ts'
import { withRuntime } from '../../__fixtures__/with-runtime.ts'
import type { Runtime } from '../../runtime.ts'
import { functionsFor } from './library.ts'

/** The u32 that an expression of `x`, a u32, gives for each of some words. */
async function evaluate(runtime: Runtime, expression: string, words: Uint32Array): Promise<Uint32Array> {
  const wgsl = `
    @group(0) @binding(0) var<storage, read> xs: array<u32>;
    @group(0) @binding(1) var<storage, read> normalTable: array<u32>;
    @group(0) @binding(2) var<storage, read_write> ys: array<u32>;
    @group(0) @binding(3) var<uniform> p: array<vec4<u32>, 1>;
    ${functionsFor(expression)}
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
      if (id.x >= arrayLength(&xs)) { return; }
      let x = xs[id.x];
      ys[id.x] = ${expression};
    }`
  const xs = runtime.upload(words)
  const table = runtime.alloc(4)
  const ys = runtime.alloc(xs.size)
  const kernel = runtime.kernel({ name: expression, wgsl, bindings: ['read', 'read', 'read_write', 'uniform'] })
  kernel.run([xs, table, ys], new Uint32Array(4), Math.ceil(words.length / 64))
  return new Uint32Array(await runtime.read(ys))
}

const float = new Float32Array(1)
const word = new Uint32Array(float.buffer)
const bits = (x: number): number => {
  float[0] = x
  return word[0]
}
const value = (w: number): number => {
  word[0] = w
  return float[0]
}

describeGpu('the library', () => {
  const runtime = withRuntime()
  const ofFloats = async (expression: string, xs: readonly number[]): Promise<number[]> =>
    [...(await evaluate(runtime(), expression, Uint32Array.from(xs, bits)))].map(value)

  it('widens every half and finds the way back', async () => {
    const halves = Uint32Array.from({ length: 65_536 }, (_, i) => i)
    const back = await evaluate(runtime(), 'floatToHalf(halfToFloat(x))', halves)
    const wrong = back.findIndex((half, i) => half !== i && !((i & 0x7fff) > 0x7c00 && (half & 0x7fff) === 0x7e00))
    expect(wrong).toBe(-1)
  })

  it('knows NaN and infinities by their bits', async () => {
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3e38, 0]
    const test = async (f: string) => [
      ...(await evaluate(runtime(), `select(0u, 1u, ${f}(bitcast<f32>(x)))`, Uint32Array.from(odd, bits))),
    ]
    expect(await test('isNan')).toEqual([1, 0, 0, 0, 0])
    expect(await test('isInf')).toEqual([0, 1, 1, 0, 0])
    expect(await test('isFinite')).toEqual([0, 0, 0, 1, 1])
    expect(await test('isTrue')).toEqual([1, 1, 1, 1, 0])
  })

  it('turns floats to integers without surprises', async () => {
    const xs = [Number.NaN, 1.9, -1.9, 2147483520, 2147483648, -2147483648, -3e9, Number.POSITIVE_INFINITY]
    const got = await evaluate(runtime(), 'bitcast<u32>(toInt(bitcast<f32>(x)))', Uint32Array.from(xs, bits))
    expect([...new Int32Array(got.buffer)]).toEqual([
      0, 1, -1, 2147483520, 2147483647, -2147483648, -2147483648, 2147483647,
    ])
  })

  it('reduces the argument of a sine however large it is', async () => {
    const xs = [1e4, 1e10, 1.5e20, 3e38, 16_367_173, 5.3e29].flatMap(x => [Math.fround(x), -Math.fround(x)])
    for (const [f, exact] of [
      ['sinOf', Math.sin],
      ['cosOf', Math.cos],
    ] as const) {
      const got = await ofFloats(`bitcast<u32>(${f}(bitcast<f32>(x)))`, xs)
      for (const [i, y] of got.entries()) expect(Math.abs(y - exact(xs[i]))).toBeLessThan(1e-6)
    }
  })

  it('divides exactly', async () => {
    const xs = [1e30, 7.5, -7.5, 3e38, 1e-30, 16_777_215, 0.1].map(Math.fround)
    for (const divisor of [3, 0.1, -2.5, 1e-10].map(Math.fround)) {
      const text = `bitcast<f32>(0x${bits(divisor).toString(16)}u)`
      expect(await ofFloats(`bitcast<u32>(fmodOf(bitcast<f32>(x), ${text}))`, xs)).toEqual(xs.map(x => x % divisor))
    }
  })

  it('raises to powers by the rules of IEEE 754', async () => {
    const infinity = Number.POSITIVE_INFINITY
    const bases = [0, 1, -1, 2, -2, 0.5, infinity, -infinity, Number.NaN]
    for (const exponent of [0, 1, 2, 3, -1, -2, 0.5, infinity, -infinity, Number.NaN]) {
      const text = `bitcast<f32>(0x${bits(exponent).toString(16)}u | p[0].w)`
      const got = await ofFloats(`bitcast<u32>(powOf(bitcast<f32>(x), ${text}))`, bases)
      const wanted = bases.map(x => (x === 1 || (x === -1 && Math.abs(exponent) === infinity) ? 1 : x ** exponent))
      got.forEach((y, i) => {
        if (Number.isFinite(wanted[i])) expect(Math.abs(y - wanted[i])).toBeLessThan(1e-6)
        else expect(y).toBe(wanted[i])
      })
    }
  })

  it('shifts and divides integers of any size', async () => {
    const xs = Int32Array.of(0, 1, -1, 5, -5, 2147483647, -2147483648)
    const words = new Uint32Array(xs.buffer)
    const run = async (expression: string) => {
      const got = await evaluate(runtime(), `bitcast<u32>(${expression})`, words)
      return [...new Int32Array(got.buffer)]
    }
    expect(await run('intShiftRight(i32(x), 40)')).toEqual([0, 0, -1, 0, -1, 0, -1])
    expect(await run('intShiftLeft(i32(x), 33)')).toEqual([0, 0, 0, 0, 0, 0, 0])
    expect(await run('intFloorDivide(i32(x), -1)')).toEqual([0, -1, 1, -5, 5, -2147483647, -2147483648])
    expect(await run('intFloorDivide(i32(x), 0)')).toEqual([0, 0, 0, 0, 0, 0, 0])
    expect(await run('intRemainder(i32(x), 3)')).toEqual([0, 1, 2, 2, 1, 1, 1])
    expect(await run('intPow(i32(x), 3)')).toEqual([0, 1, -1, 125, -125, 2147483647, 0])
    expect(await run('intPow(-1, i32(x))')).toEqual([1, -1, -1, -1, -1, -1, 1])
  })
})
