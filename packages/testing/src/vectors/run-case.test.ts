import { customGradient, SurprisalError, stack, type Tensor, tensor } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import type { VectorCase } from './format.ts'
import { type Exports, runCase } from './run-case.ts'

const json = (data: unknown[], dtype = 'float32', shape = [data.length]) => ({ shape, dtype, data }) as never
const tolerance = { rtol: 1e-5, atol: 1e-6 }

const flatSquare = customGradient(
  x => x.square(),
  dy => [dy],
)

const exports: Exports = {
  square: (x: Tensor) => x.square(),
  wrongGradient: (x: Tensor) => flatSquare(x),
  both: (x: Tensor, y: Tensor) => ({ count: 3, product: x.mul(y), sum: x.add(y) }),
  join: (list: Tensor[], { dim = 0 }: { dim?: number }) => stack(list, { dim }),
  later: async (x: Tensor) => ({ total: await x.sum().item() }),
  optional: (x: Tensor, bias: Tensor | null, options: object) => [bias === null, Object.keys(options).length, x],
  failing: () => {
    throw new SurprisalError('argument', 'failing: x must be small, got 3')
  },
  crashing: () => {
    throw new TypeError('x is undefined')
  },
  late: (x: Tensor) => ({ found: [x.indexSelect(0, tensor([9], { dtype: 'int32' }))] }),
  count: 3,
}

const run = (entry: Partial<VectorCase>) => runCase({ name: 'case', tolerance, ...entry } as VectorCase, exports)
const problemsOf = async (entry: Partial<VectorCase>) => {
  const outcome = await run(entry)
  return outcome.status === 'failed' ? outcome.problems : outcome.status
}
const x = json([1, -2, 3])

describe('runCase', () => {
  const good: [string, Partial<VectorCase>][] = [
    ['a value', { call: 'square', inputs: { x }, expect: { value: json([1, 4, 9]) } }],
    ['a value bit for bit', { call: 'square', inputs: { x }, expect: { value: json([1, 4, 9]) }, tolerance: 0 }],
    ['a gradient', { call: 'square', inputs: { x }, expect: { grad: { x: json([2, -4, 6]) } } }],
    [
      'a second gradient',
      { call: 'square', inputs: { x }, expect: { grad: { x: json([2, -4, 6]) }, gradgrad: { x: json([8, -16, 24]) } } },
    ],
    ['a second gradient alone', { call: 'square', inputs: { x }, expect: { gradgrad: { x: json([8, -16, 24]) } } }],
    [
      'a weighted gradient',
      { call: 'square', inputs: { x }, weight: json([1, 10, 100]), expect: { grad: { x: json([2, -40, 600]) } } },
    ],
    [
      'fields',
      { call: 'both', inputs: { x, y: json([1, 1, 2]) }, expect: { value: { count: 3, sum: json([2, -1, 5]) } } },
    ],
    [
      'the gradient of the first float field',
      {
        call: 'both',
        inputs: { x, y: json([1, 1, 2]) },
        expect: { grad: { x: json([1, 1, 2]), y: json([1, -2, 3]) } },
      },
    ],
    [
      'the gradient of weighted fields',
      {
        call: 'both',
        inputs: { x, y: json([1, 1, 2]) },
        weight: { sum: json([1, 1, 1]), product: json([0, 10, 0]) },
        expect: { grad: { x: json([1, 11, 1]) } },
      },
    ],
    [
      'a list of tensors and options',
      {
        call: 'join',
        inputs: { list: [x, x] },
        options: { dim: 1 },
        expect: { value: json([1, 1, -2, -2, 3, 3], 'float32', [3, 2]) },
      },
    ],
    ['a promise', { call: 'later', inputs: { x }, expect: { value: { total: 2 } } }],
    ['null inputs and no options', { call: 'optional', inputs: { x, bias: null }, expect: { value: [true, 0, x] } }],
    ['an error at the call', { call: 'failing', inputs: { x }, expect: { throws: 'x must be small' } }],
    ['an error at the read', { call: 'late', inputs: { x }, expect: { throws: '9' } }],
    [
      'a program',
      {
        program: [
          ['y', 'mul', 'x', 2],
          ['z', 'sum', 'y', { dim: 0 }],
        ],
        output: 'z',
        inputs: { x },
        expect: { value: 4, grad: { x: json([2, 2, 2]) } },
      },
    ],
    [
      'a program with lists',
      { program: [['y', 'stack', ['x', 'x']]], output: 'y', inputs: { x: json([1]) }, expect: { value: [[1], [1]] } },
    ],
  ]
  it.each(good)('passes %s', async (_, entry) => {
    expect(await run(entry)).toEqual({ status: 'passed' })
  })

  const bad: [string, Partial<VectorCase>, string][] = [
    [
      'a value',
      { call: 'square', inputs: { x }, expect: { value: json([1, 4, 8]) } },
      'value[2]: expected 8, got 9 (1 of 3 differ)',
    ],
    [
      'a gradient',
      { call: 'wrongGradient', inputs: { x }, expect: { grad: { x: json([2, -4, 6]) } } },
      'grad.x[0]: expected 2, got 1 (3 of 3 differ)',
    ],
    [
      'a second gradient',
      { call: 'wrongGradient', inputs: { x }, expect: { gradgrad: { x: json([8, -16, 24]) } } },
      'gradgrad.x[0]: expected 8, got 0 (3 of 3 differ)',
    ],
    [
      'the missing error',
      { call: 'square', inputs: { x }, expect: { throws: 'no' } },
      'throws: expected a message with "no", got a result',
    ],
    [
      'another error',
      { call: 'failing', expect: { throws: 'large' } },
      'throws: expected a message with "large", got "failing: x must be small, got 3"',
    ],
    [
      'an error of another class',
      { call: 'crashing', expect: { throws: 'x' } },
      'throws: expected a SurprisalError, got TypeError: x is undefined',
    ],
    [
      'a call that throws',
      { call: 'failing', expect: { value: 1 } },
      'SurprisalError: failing: x must be small, got 3',
    ],
    [
      'a case that expects nothing',
      { call: 'square', inputs: { x }, expect: {} },
      'expect: must hold one of value, grad, gradgrad, throws',
    ],
    [
      'a case without expect',
      { call: 'square', inputs: { x } },
      'expect: must hold one of value, grad, gradgrad, throws',
    ],
    [
      'a case that calls nothing',
      { inputs: { x }, expect: { value: 1 } },
      'call: must name a function, or there must be a program',
    ],
    [
      'inputs that are no tensors',
      { call: 'square', inputs: { x: json(['a']) }, expect: { value: 1 } },
      'SurprisalError: vectors: data must hold numbers, got "a"',
    ],
    [
      'a result without floats',
      { call: 'later', inputs: { x }, expect: { grad: { x } } },
      'SurprisalError: vectors: the result has no float tensor to differentiate',
    ],
  ]
  it.each(bad)('names %s', async (_, entry, problem) => {
    expect(await problemsOf(entry)).toEqual([problem])
  })

  it.each(['none', 'count', 'toString', 'constructor'])('does not know the function %s', async call => {
    expect(await run({ call, expect: { value: 1 } })).toEqual({ status: 'notBuilt', missing: call })
  })

  it('does not know a program with an unknown op', async () => {
    const program = [
      ['y', 'add', 'x', 1],
      ['z', 'fancyOp', 'y'],
    ] as VectorCase['program']
    expect(await run({ program, expect: { value: 1 } })).toEqual({ status: 'notBuilt', missing: 'fancyOp' })
  })
})
