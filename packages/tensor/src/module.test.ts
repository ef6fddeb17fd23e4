import { describe, expect, it } from 'vitest'
import { Buffer, Module, ones, Parameter, SurprisalError, zeros } from './index.ts'

class Leaf extends Module {
  inProjWeight = new Parameter(zeros([2, 3]))
  counter = new Buffer(zeros([1]))
  scratch = new Buffer(zeros([1]), { persistent: false })

  forward(): void {}
}

class Tree extends Module {
  layers = [new Leaf(), new Leaf()]
  named = { lastLayer: new Leaf() }
  tied = this.layers[0]

  forward(): void {}
}

describe('Module', () => {
  it('names parameters by path in snake case', () => {
    expect(new Tree().namedParameters().map(([name]) => name)).toEqual([
      'layers.0.in_proj_weight',
      'layers.1.in_proj_weight',
      'named.last_layer.in_proj_weight',
    ])
  })

  it('lists a tied cell once as parameter and under both paths in the state dict', () => {
    const keys = Object.keys(new Tree().stateDict())
    expect(keys).toContain('tied.in_proj_weight')
    expect(keys).toContain('layers.0.in_proj_weight')
    expect(new Tree().numParameters()).toBe(18)
  })

  it('keeps non-persistent buffers out of the state dict', () => {
    expect(Object.keys(new Leaf().stateDict())).toEqual(['in_proj_weight', 'counter'])
    expect(new Leaf().namedBuffers().map(([name]) => name)).toEqual(['counter', 'scratch'])
  })

  it('train and eval reach every module', () => {
    const tree = new Tree().eval()
    expect(tree.namedModules().map(([, module]) => module.training)).toEqual([false, false, false, false])
    expect(tree.train().layers[1].training).toBe(true)
  })

  it('loads a state dict, tolerating the missing twin of a tied cell', async () => {
    const tree = new Tree()
    const state = Object.fromEntries(Object.entries(tree.stateDict()).filter(([key]) => !key.startsWith('tied')))
    state['layers.0.in_proj_weight'] = ones([2, 3])
    expect(tree.loadStateDict(state)).toEqual({ missingKeys: [], unexpectedKeys: [] })
    expect(Array.from(await tree.tied.inProjWeight.value.data())).toEqual([1, 1, 1, 1, 1, 1])
  })

  it('refuses wrong keys and shapes and changes nothing', async () => {
    const leaf = new Leaf()
    expect(() => leaf.loadStateDict({ other: zeros([1]) })).toThrow(
      new SurprisalError(
        'argument',
        'loadStateDict: keys must match, missing: in_proj_weight, counter; unexpected: other',
      ),
    )
    expect(() => leaf.loadStateDict({ in_proj_weight: ones([2, 3]), counter: ones([2]) })).toThrow(
      'loadStateDict: counter must have shape [1], got [2]',
    )
    expect(Array.from(await leaf.inProjWeight.value.data())).toEqual([0, 0, 0, 0, 0, 0])
    expect(leaf.loadStateDict({ other: zeros([1]) }, { strict: false })).toEqual({
      missingKeys: ['in_proj_weight', 'counter'],
      unexpectedKeys: ['other'],
    })
  })

  it('freezes parameters', () => {
    const leaf = new Leaf().requiresGrad_(false)
    expect(leaf.inProjWeight.requiresGrad).toBe(false)
    expect(leaf.numParameters({ trainableOnly: true })).toBe(0)
  })
})

class Sum extends Module {
  forward(a: number, b = 10): number {
    return a + b
  }
}

describe('a call', () => {
  it('is forward', () => {
    expect([new Sum().call(1), new Sum().call(1, 2)]).toEqual([11, 3])
  })
})

class Nest extends Module {
  blocks = [[new Leaf()], [new Leaf(), new Leaf()]]
  byName = { deepPart: [new Leaf()] }
  table = new Float32Array(3)
  config: Record<string, unknown> = { depth: 2 }

  forward(): void {}
}

class Child extends Module {
  weight = new Parameter(zeros([1]))
  parent: Module

  constructor(parent: Module) {
    super()
    this.parent = parent
  }

  forward(): void {}
}

class Parent extends Module {
  child = new Child(this)

  forward(): void {}
}

describe('Module with unusual fields', () => {
  it('enters nested lists and records', () => {
    const nest = new Nest()
    expect(nest.namedParameters('net').map(([name]) => name)).toEqual([
      'net.blocks.0.0.in_proj_weight',
      'net.blocks.1.0.in_proj_weight',
      'net.blocks.1.1.in_proj_weight',
      'net.by_name.deep_part.0.in_proj_weight',
    ])
    nest.eval()
    expect(nest.blocks[1][1].training).toBe(false)
    expect(nest.children()).toHaveLength(4)
  })

  it('survives a child that knows its parent and a record that holds itself', () => {
    const nest = new Nest()
    nest.config.self = nest.config
    expect(nest.children()).toHaveLength(4)
    const parent = new Parent()
    expect(Object.keys(parent.stateDict())).toEqual(['child.weight'])
    expect(parent.namedModules('m').map(([name]) => name)).toEqual(['m', 'm.child'])
  })

  it('casts what it loads to the dtype of the cell', async () => {
    const leaf = new Leaf()
    leaf.loadStateDict({ in_proj_weight: ones([2, 3], { dtype: 'float16' }), counter: ones([1], { dtype: 'int32' }) })
    expect(leaf.inProjWeight.dtype).toBe('float32')
    expect(Array.from(await leaf.counter.value.data())).toEqual([1])
  })

  it('refuses what is no tensor', () => {
    const state = { in_proj_weight: [1, 2], counter: ones([1]) } as never
    expect(() => new Leaf().loadStateDict(state)).toThrow(
      new SurprisalError('argument', 'loadStateDict: in_proj_weight must be a tensor, got object'),
    )
  })

  it('gives tied cells of a state dict as one tensor', () => {
    const tree = new Tree()
    const state = tree.stateDict()
    expect(state['tied.in_proj_weight']).toBe(state['layers.0.in_proj_weight'])
  })

  it('applies a function to each module once', () => {
    const seen: Module[] = []
    const tree = new Tree()
    expect(tree.apply(module => seen.push(module))).toBe(tree)
    expect(seen).toHaveLength(4)
  })
})
