import { describe, expect, it } from 'vitest'
import type { DType, HostArray } from '../dtype.ts'
import { identityMap } from '../graph/affine.ts'
import type { Primitive } from '../graph/node.ts'
import type { Kernel, Plan } from '../plan.ts'
import { createReferenceExecutor } from './executor.ts'
import type { ElementArray, KernelFunction } from './kernel-function.ts'

const n = 4

function kernel(primitive: Primitive, slots: readonly number[], output: number, dtype: DType = 'float32'): Kernel {
  const operands = slots.map(slot => ({ slot, dtype, map: identityMap([n]) }))
  return { primitive, op: primitive.kind, dtype, shape: [n], operands, output }
}

const neg: Primitive = { kind: 'unary', f: 'neg' }
const exp: Primitive = { kind: 'unary', f: 'exp' }
const add: Primitive = { kind: 'binary', f: 'add' }

/** `x -> -x -> exp(-x) -> exp(-x) + x`, whose first two values die on the way. */
function chain(x: HostArray): Plan {
  return {
    slots: 4,
    inputs: [{ slot: 0, data: x }],
    kernels: [kernel(neg, [0], 1), kernel(exp, [1], 2), kernel(add, [2, 0], 3)],
    dying: [[], [1], [2]],
    outputs: [3],
  }
}

const expected = (x: HostArray): HostArray => Float32Array.from(x, v => Math.fround(Math.exp(-v)) + v)

describe('createReferenceExecutor', () => {
  it('runs kernels in order', () => {
    const x = Float32Array.of(0, 1, -2, 3)
    expect(createReferenceExecutor().run(chain(x))).toEqual([expected(x)])
    expect(Array.from(x)).toEqual([0, 1, -2, 3])
  })

  it('is named reference, or as asked', () => {
    expect(createReferenceExecutor().name).toBe('reference')
    expect(createReferenceExecutor({ name: 'wasm' }).name).toBe('wasm')
  })

  it('results stay what they are while later runs reuse dead arrays', () => {
    const executor = createReferenceExecutor()
    const inputs = Array.from({ length: 5 }, (_, k) => Float32Array.of(k, k + 1, -k, 0.5))
    const results = inputs.map(x => executor.run(chain(x))[0])
    expect(results).toEqual(inputs.map(expected))
    expect(new Set(results.map(result => result.buffer)).size).toBe(5)
  })

  it('reuses the arrays of dead values', () => {
    const seen: ElementArray[] = []
    const spy: KernelFunction = (_, [x], out) => {
      seen.push(out)
      out.set(x.data)
    }
    const executor = createReferenceExecutor({ overrides: { cast: spy } })
    const cast: Primitive = { kind: 'cast' }
    const plan: Plan = {
      slots: 5,
      inputs: [{ slot: 0, data: new Float32Array(n) }],
      kernels: [kernel(cast, [0], 1), kernel(cast, [1], 2), kernel(cast, [2], 3), kernel(cast, [3], 4)],
      dying: [[], [1], [2], [3]],
      outputs: [4],
    }
    const [result] = executor.run(plan)
    expect(seen[2].buffer).toBe(seen[0].buffer)
    expect(seen[3].buffer).toBe(seen[1].buffer)
    expect(result).toBe(seen[3])
    executor.run(plan)
    expect(seen.slice(4)).not.toContain(result)
  })

  it('an output that is an input is a copy', () => {
    const data = Float32Array.of(1, 2, 3, 4)
    const plan: Plan = { slots: 1, inputs: [{ slot: 0, data }], kernels: [], dying: [], outputs: [0] }
    const [result] = createReferenceExecutor().run(plan)
    expect(result).toEqual(data)
    expect(result).not.toBe(data)
  })

  it('rounds float16 results once and passes halves on as they are', () => {
    const x = Float32Array.of(1, 3, -0.5, 10)
    const plan: Plan = {
      slots: 3,
      inputs: [{ slot: 0, data: x }],
      kernels: [
        kernel({ kind: 'unary', f: 'reciprocal' }, [0], 1, 'float16'),
        kernel({ kind: 'view', map: identityMap([n]) }, [1], 2, 'float16'),
      ],
      dying: [[], []],
      outputs: [1, 2],
    }
    const [first, second] = createReferenceExecutor().run(plan)
    expect(Array.from(first)).toEqual([1, 0.333251953125, -2, 0.0999755859375])
    expect(second).toEqual(first)
  })

  it('uses an override with its operands, in runs that round', () => {
    const double: KernelFunction = (_, [x], out) => {
      for (let k = 0; k < out.length; k++) out[k] = 2 * x.data[x.map.offset + k]
    }
    const executor = createReferenceExecutor({ overrides: { unary: double } })
    const x = Float32Array.of(1, 2, 3, 4)
    const plan: Plan = {
      slots: 2,
      inputs: [{ slot: 0, data: x }],
      kernels: [kernel(neg, [0], 1)],
      dying: [[]],
      outputs: [1],
    }
    expect(Array.from(executor.run(plan)[0])).toEqual([2, 4, 6, 8])
    expect(Array.from(executor.runExact(plan)[0])).toEqual([-1, -2, -3, -4])
  })

  it('stays usable after a run that failed', () => {
    const executor = createReferenceExecutor()
    const fail: Primitive = {
      kind: 'host',
      name: 'fail',
      run: () => {
        throw new RangeError('fail: no')
      },
    }
    const x = Float32Array.of(1, 2, 3, 4)
    const plan: Plan = { ...chain(x), kernels: [kernel(neg, [0], 1), kernel(fail, [1], 2), kernel(add, [2, 0], 3)] }
    expect(() => executor.run(plan)).toThrow('fail: no')
    expect(executor.run(chain(x))).toEqual([expected(x)])
  })
})

describe('runExact', () => {
  it('keeps float64 throughout and leaves integers alone', () => {
    const executor = createReferenceExecutor()
    const x = Float64Array.of(0.1, 0.2, 0.3, 0.4)
    const [result] = executor.runExact(chain(new Float32Array(n)), new Map([[0, x]]))
    expect(result).toEqual(Float64Array.from(x, v => Math.exp(-v) + v))
    const integers: Plan = {
      slots: 2,
      inputs: [{ slot: 0, data: Int32Array.of(2 ** 31 - 1, 1, 2, 3) }],
      kernels: [kernel(add, [0, 0], 1, 'int32')],
      dying: [[]],
      outputs: [1],
    }
    expect(executor.runExact(integers)[0]).toEqual(Int32Array.of(-2, 2, 4, 6))
  })

  it('takes the data of the plan for slots that are not named', () => {
    const x = Float32Array.of(0, 1, -2, 3)
    expect(createReferenceExecutor().runExact(chain(x))[0]).toEqual(Float64Array.from(x, v => Math.exp(-v) + v))
  })

  it('gives a derivative by central differences to ten digits', () => {
    const executor = createReferenceExecutor()
    const at = (h: number): number =>
      executor.runExact(chain(new Float32Array(n)), new Map([[0, new Float64Array(n).fill(0.7 + h)]]))[0][0]
    const h = 1e-5
    expect((at(h) - at(-h)) / (2 * h)).toBeCloseTo(1 - Math.exp(-0.7), 10)
  })
})
