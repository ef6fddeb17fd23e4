import { describe, expect, it } from 'vitest'
import * as exports from './index.ts'
import { Tensor, tensor } from './index.ts'

/** Exports that take a tensor first and are no methods: what makes, trains, draws or evaluates. */
const functionsOnly = new Set([
  ...[
    'checkpoint',
    'customGradient',
    'defineOp',
    'gradients',
    'hostData',
    'isCompiling',
    'isTensor',
    'memory',
    'realize',
    'scope',
    'setExecutor',
  ],
  ...[
    'ready',
    'setDefaultDevice',
    'explain',
    'profile',
    'withMemoryLimit',
    'setThreads',
    'setDeterministic',
    'threadUse',
  ],
  'compile',
  ...['valueAndGrad', 'einsum', 'threefry2x32', 'tensor', 'zeros', 'ones', 'full', 'eye', 'arange', 'linspace'],
  ...['randomKey', 'splitKey', 'foldIn', 'randomBits', 'uniform', 'normal', 'normalFromBits', 'bernoulli', 'randint'],
  ...['gumbel', 'exponential', 'categorical', 'permutation', 'truncatedNormal'],
])

const isFunction = ([, value]: [string, unknown]): boolean =>
  typeof value === 'function' && !/^class/.test(String(value))

describe('methods', () => {
  it('every op is a method as well', () => {
    const names = Object.entries(exports)
      .filter(isFunction)
      .map(([name]) => name)
    const missing = names.filter(name => !functionsOnly.has(name) && !(name in Tensor.prototype))
    expect(missing).toEqual([])
  })

  it('a method gives what its function gives', async () => {
    const x = tensor([[1, -2, 3]])
    expect(Array.from(await x.relu().data())).toEqual(Array.from(await exports.relu(x).data()))
    expect(Array.from(await x.sum({ dim: 1 }).data())).toEqual([2])
    expect(x.transpose(0, 1).shape).toEqual([3, 1])
  })

  it('methods are not enumerable', () => {
    expect(Object.keys(Tensor.prototype)).toEqual([])
  })
})
