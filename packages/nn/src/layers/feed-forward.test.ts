import { gelu, normal, relu, silu, type Tensor, tensor, zeros } from '@surprisal/tensor'
import { gradcheck } from '@surprisal/testing'
import { describe, expect, it } from 'vitest'
import { GEGLU, geglu, MLP, SwiGLU, swiglu } from './feed-forward.ts'

const values = async (t: Tensor): Promise<number[]> => [...(await t.data())]
const x = normal(1, [2, 3, 4])
const [gate, up, down] = [normal(2, [5, 4]), normal(3, [5, 4]), normal(4, [4, 5])]

describe('gated layers', () => {
  it('multiply by a gate', async () => {
    const one = tensor([[1]])
    const [a] = await values(swiglu(tensor([2]), one, tensor([[3]]), one))
    expect(a).toBeCloseTo((2 / (1 + Math.exp(-2))) * 6, 5)
    const [b] = await values(geglu(tensor([2]), one, tensor([[3]]), one))
    expect(b).toBeCloseTo(1.9544997 * 6, 4)
  })

  it('have the right gradients', () => {
    gradcheck((a, g, u, d) => swiglu(a, g, u, d), [x, gate, up, down])
    gradcheck((a, g, u, d) => geglu(a, g, u, d), [x, gate, up, down])
  })

  it.each([
    ['SwiGLU', SwiGLU, swiglu],
    ['GEGLU', GEGLU, geglu],
  ] as const)('%s has the names of Llama', async (_, Layer, layer) => {
    const module = new Layer(4, 5, { key: 1 })
    const s = module.stateDict()
    expect(Object.keys(s)).toEqual(['gate_proj.weight', 'up_proj.weight', 'down_proj.weight'])
    const wanted = layer(x, s['gate_proj.weight'], s['up_proj.weight'], s['down_proj.weight'])
    expect(await values(module.forward(x))).toEqual(await values(wanted))
  })

  it('refuse what does not fit', () => {
    expect(() => swiglu(zeros([3]), gate, up, down)).toThrow('linear: input must end in inFeatures = 4, got shape [3]')
  })
})

describe('MLP', () => {
  it.each([
    ['gelu', (t: Tensor) => gelu(t)],
    ['relu', relu],
    ['silu', silu],
  ] as const)('has %s between two maps', async (activation, fn) => {
    const module = new MLP(4, 6, { key: 1, activation, outFeatures: 2 })
    expect(Object.keys(module.stateDict())).toEqual(['fc1.weight', 'fc1.bias', 'fc2.weight', 'fc2.bias'])
    expect(await values(module.forward(x))).toEqual(await values(module.fc2.forward(fn(module.fc1.forward(x)))))
    expect(module.forward(x).shape).toEqual([2, 3, 2])
  })

  it('drops while training', async () => {
    const module = new MLP(4, 50, { key: 1, dropout: 0.5 })
    const [a, b] = await Promise.all([1, 2].map(key => values(module.forward(x, key))))
    expect(a).not.toEqual(b)
    expect(() => module.forward(x)).toThrow('dropout: key must be given while training, got none')
    expect(module.eval().forward(x).shape).toEqual([2, 3, 4])
  })

  it('refuses an unknown activation', () => {
    expect(() => new MLP(4, 5, { key: 1, activation: 'sine' as 'relu' })).toThrow(
      'MLP: activation must be one of gelu, relu, silu, got sine',
    )
  })
})
