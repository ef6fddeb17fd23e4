import { normal, Parameter, SurprisalError, tensor, zeros } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { Adafactor } from './adafactor.ts'
import { createOptimizer, type OptimizerOptions, replayOptimizer } from './create.ts'
import { Muon } from './muon.ts'

/*
 * Each method against a plain loop over the numbers of one parameter, written from its definition.
 */

type Loop = (p: number[], g: number[], t: number, memory: Record<string, number[]>) => number[]
const steps = 6
const start = normal(1, [4])
const grads = normal(2, [steps, 4])

function follow(loop: Loop): number[] {
  const gradient = Array.from(grads.dataSync())
  const memory: Record<string, number[]> = {}
  let p = Array.from(start.dataSync())
  return Array.from({ length: steps }, (_, i) => {
    p = loop(p, gradient.slice(4 * i, 4 * i + 4), i + 1, memory)
    return p
  }).flat()
}

const at = (memory: Record<string, number[]>, name: string) => (memory[name] ??= [0, 0, 0, 0])

/** A new running value, kept under a name. */
const keep = (memory: Record<string, number[]>, name: string, next: (old: number, i: number) => number): number[] => {
  memory[name] = at(memory, name).map(next)
  return memory[name]
}

const cases: [OptimizerOptions, Loop][] = [
  [{ optimizer: 'sgd', lr: 0.1 }, (p, g) => p.map((x, i) => x - 0.1 * g[i])],
  [{ optimizer: 'sgd' }, (p, g) => p.map((x, i) => x - 1e-3 * g[i])],
  [
    { optimizer: 'sgd', lr: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.2 },
    (p, g, t, memory) => {
      const b = keep(memory, 'b', (old, i) => {
        const grad = g[i] + 0.2 * p[i]
        return t === 1 ? grad : 0.9 * old + 0.7 * grad
      })
      return p.map((x, i) => x - 0.1 * b[i])
    },
  ],
  [
    { optimizer: 'sgd', lr: 0.1, momentum: 0.9, nesterov: true },
    (p, g, t, memory) => {
      const b = keep(memory, 'b', (old, i) => (t === 1 ? g[i] : 0.9 * old + g[i]))
      return p.map((x, i) => x - 0.1 * (g[i] + 0.9 * b[i]))
    },
  ],
  [
    { optimizer: 'rmsprop', weightDecay: 0.1 },
    (p, g, _t, memory) => {
      const decayed = g.map((x, i) => x + 0.1 * p[i])
      const v = keep(memory, 'v', (old, i) => 0.99 * old + 0.01 * decayed[i] ** 2)
      return p.map((x, i) => x - (1e-2 * decayed[i]) / (Math.sqrt(v[i]) + 1e-8))
    },
  ],
  [
    { optimizer: 'rmsprop', lr: 0.05, alpha: 0.9, eps: 1e-3, momentum: 0.5 },
    (p, g, _t, memory) => {
      const v = keep(memory, 'v', (old, i) => 0.9 * old + 0.1 * g[i] ** 2)
      const b = keep(memory, 'b', (old, i) => 0.5 * old + g[i] / (Math.sqrt(v[i]) + 1e-3))
      return p.map((x, i) => x - 0.05 * b[i])
    },
  ],
  [
    { optimizer: 'adam', lr: 0.1, weightDecay: 0.3 },
    (p, g, t, memory) => {
      const decayed = g.map((x, i) => x + 0.3 * p[i])
      const m = keep(memory, 'm', (old, i) => 0.9 * old + 0.1 * decayed[i])
      const v = keep(memory, 'v', (old, i) => 0.999 * old + 0.001 * decayed[i] ** 2)
      return p.map((x, i) => x - (0.1 * (m[i] / (1 - 0.9 ** t))) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + 1e-8))
    },
  ],
  [
    { optimizer: 'adamw', lr: 0.1, betas: [0.8, 0.9], eps: 1e-4, amsgrad: true },
    (p, g, t, memory) => {
      const m = keep(memory, 'm', (old, i) => 0.8 * old + 0.2 * g[i])
      const v = keep(memory, 'v', (old, i) => 0.9 * old + 0.1 * g[i] ** 2)
      const most = keep(memory, 'most', (old, i) => Math.max(old, v[i]))
      const size = (i: number) => Math.sqrt(most[i] / (1 - 0.9 ** t)) + 1e-4
      return p.map((x, i) => x * (1 - 0.1 * 0.01) - (0.1 * (m[i] / (1 - 0.8 ** t))) / size(i))
    },
  ],
  [
    { optimizer: 'adamw', weightDecay: undefined },
    (p, g, t, memory) => {
      const m = keep(memory, 'm', (old, i) => 0.9 * old + 0.1 * g[i])
      const v = keep(memory, 'v', (old, i) => 0.999 * old + 0.001 * g[i] ** 2)
      const move = (i: number) => m[i] / (1 - 0.9 ** t) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + 1e-8)
      return p.map((x, i) => x * (1 - 1e-3 * 0.01) - 1e-3 * move(i))
    },
  ],
  [
    { optimizer: 'lion', lr: 0.01, weightDecay: 0.5 },
    (p, g, _t, memory) => {
      const m = at(memory, 'm')
      const direction = g.map((x, i) => Math.sign(0.9 * m[i] + 0.1 * x))
      keep(memory, 'm', (old, i) => 0.99 * old + 0.01 * g[i])
      return p.map((x, i) => x * (1 - 0.01 * 0.5) - 0.01 * direction[i])
    },
  ],
  [
    { optimizer: 'adafactor', weightDecay: 0.1, beta1: 0.5 },
    (p, g, t, memory) => {
      const rms = (x: number[]) => Math.sqrt(x.reduce((sum, value) => sum + value ** 2, 0) / x.length)
      const rate = Math.min(1e-2, 1 / Math.sqrt(t)) * Math.max(1e-3, rms(p))
      const b2 = 1 - t ** -0.8
      const v = keep(memory, 'v', (old, i) => b2 * old + (1 - b2) * (g[i] ** 2 + 1e-30))
      const u = g.map((x, i) => x / Math.sqrt(v[i]))
      const clip = Math.max(1, rms(u))
      const m = keep(memory, 'm', (old, i) => 0.5 * old + 0.5 * rate * (u[i] / clip))
      return p.map((x, i) => x - 0.1 * rate * x - m[i])
    },
  ],
  [
    {
      optimizer: 'adafactor',
      lr: 0.1,
      relativeStep: false,
      scaleParameter: false,
      clipThreshold: 0.5,
      decayRate: -0.5,
    },
    (p, g, t, memory) => {
      const b2 = 1 - t ** -0.5
      const v = keep(memory, 'v', (old, i) => b2 * old + (1 - b2) * (g[i] ** 2 + 1e-30))
      const u = g.map((x, i) => x / Math.sqrt(v[i]))
      const clip = Math.max(1, Math.sqrt(u.reduce((sum, x) => sum + x * x, 0) / 4) / 0.5)
      return p.map((x, i) => x - (0.1 * u[i]) / clip)
    },
  ],
  [
    { optimizer: 'adafactor', warmupInit: true, scaleParameter: false },
    (p, g, t, memory) => {
      const b2 = 1 - t ** -0.8
      const v = keep(memory, 'v', (old, i) => b2 * old + (1 - b2) * (g[i] ** 2 + 1e-30))
      const u = g.map((x, i) => x / Math.sqrt(v[i]))
      const clip = Math.max(1, Math.sqrt(u.reduce((sum, x) => sum + x * x, 0) / 4))
      return p.map((x, i) => x - (1e-6 * t * u[i]) / clip)
    },
  ],
]

describe('replayOptimizer', () => {
  it.each(cases)('follows %j', (options, loop) => {
    const got = replayOptimizer(start, grads, options)
    expect(got.shape).toEqual([steps, 4])
    const wanted = follow(loop)
    got.dataSync().forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i], 5)
    })
  })
})

describe('Adafactor', () => {
  it('keeps one number per row and one per column of a matrix', () => {
    const optimizer = new Adafactor([new Parameter(normal(3, [2, 5, 3]))])
    optimizer.step([normal(4, [2, 5, 3])])
    const shapes = Object.entries(optimizer.stateDict().tensors).map(([name, value]) => [name, value.shape])
    expect(shapes).toEqual([
      ['0.step', []],
      ['0.rows', [2, 5]],
      ['0.columns', [2, 3]],
    ])
  })

  it.each([
    [{ lr: 0.1 }, 'Adafactor: lr must be left out with relativeStep, got 0.1'],
    [{ relativeStep: false }, 'Adafactor: lr must be given without relativeStep, got undefined'],
    [{ clipThreshold: 0 }, 'Adafactor: clipThreshold must be above 0, got 0'],
    [{ decayRate: 0.8 }, 'Adafactor: -decayRate must be at least 0, got -0.8'],
    [{ beta1: 1 }, 'Adafactor: betas must be in [0, 1), got 1'],
    [{ eps: [-1, 0] as const }, 'Adafactor: eps must be at least 0, got -1'],
  ])('refuses %j', (options, message) => {
    expect(() => new Adafactor([new Parameter(zeros([2]))], options)).toThrow(new SurprisalError('argument', message))
  })

  it('refuses the learning rate of a group with relative steps', () => {
    expect(() => new Adafactor([{ params: [new Parameter(zeros([2]))], lr: 1 }])).toThrow('got 1')
  })
})

describe('Muon', () => {
  /** Singular values of the step of a [rows, 2] or [2, columns] matrix, by its 2 x 2 Gram matrix. */
  function singularValues(step: Float32Array, rows: number, columns: number): number[] {
    const inner = Math.max(rows, columns)
    const entry = (i: number, k: number) => (rows >= columns ? step[k * columns + i] : step[i * columns + k])
    const gram = [0, 1].map(i =>
      [0, 1].map(j => Array.from({ length: inner }, (_, k) => entry(i, k) * entry(j, k)).reduce((a, b) => a + b)),
    )
    const half = (gram[0][0] + gram[1][1]) / 2
    const root = Math.sqrt(half ** 2 - (gram[0][0] * gram[1][1] - gram[0][1] * gram[1][0]))
    return [half + root, half - root].map(Math.sqrt)
  }

  it.each([
    [6, 2, 'original', Math.sqrt(3)],
    [2, 6, 'original', 1],
    [2, 6, 'matchRmsAdamw', 0.2 * Math.sqrt(6)],
    [6, 2, 'matchRmsAdamw', 0.2 * Math.sqrt(6)],
  ] as const)('of [%d, %d] with %s takes a step of nearly equal singular values', (rows, columns, adjustLr, scale) => {
    const param = new Parameter(zeros([rows, columns]))
    new Muon([param], { lr: 1, adjustLr }).step([normal(5, [rows, columns])])
    for (const value of singularValues(param.value.dataSync() as Float32Array, rows, columns)) {
      expect(value / scale).toBeGreaterThan(0.6)
      expect(value / scale).toBeLessThan(1.3)
    }
  })

  it('takes convolution weights as [out, rest]', () => {
    const [kernel, matrix] = [new Parameter(zeros([4, 2, 3])), new Parameter(zeros([4, 6]))]
    new Muon([kernel]).step([normal(6, [4, 2, 3])])
    new Muon([matrix]).step([normal(6, [4, 6])])
    expect(kernel.value.dataSync()).toEqual(matrix.value.dataSync())
  })

  it('does not break on a gradient of zeros', () => {
    const param = new Parameter(tensor([[1, 2]]))
    new Muon([param], { lr: 1, weightDecay: 0.5 }).step([zeros([1, 2])])
    expect(Array.from(param.value.dataSync())).toEqual([0.5, 1])
  })

  it.each([
    [[3], {}, 'Muon: params must have at least 2 dimensions, got shape [3]'],
    [[3, 3], { nsSteps: 0 }, 'Muon: nsSteps must be a whole number from 1, got 0'],
    [[3, 3], { adjustLr: 'none' }, 'Muon: adjustLr must be one of original, matchRmsAdamw, got none'],
    [[3, 3], { momentum: -1 }, 'Muon: momentum must be at least 0, got -1'],
  ])('refuses %j with %j', (shape, options, message) => {
    expect(() => new Muon([new Parameter(zeros(shape))], options as never)).toThrow(message)
  })
})

describe('createOptimizer', () => {
  it.each(['sgd', 'adam', 'adamw', 'rmsprop', 'lion', 'adafactor', 'muon'] as const)('makes %s', optimizer => {
    const made = createOptimizer([new Parameter(zeros([2, 2]))], { optimizer })
    expect(made.name.toLowerCase()).toBe(optimizer)
  })

  it('refuses another name', () => {
    expect(() => createOptimizer([new Parameter(zeros([1]))], { optimizer: 'ftrl' } as never)).toThrow(
      new SurprisalError(
        'argument',
        'createOptimizer: optimizer must be one of sgd, adam, adamw, rmsprop, lion, adafactor, muon, got ftrl',
      ),
    )
  })
})
