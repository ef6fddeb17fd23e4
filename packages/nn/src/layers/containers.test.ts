import { Module, type Tensor, zeros } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { Flatten, Identity, ModuleDict, ModuleList } from './containers.ts'
import { Dropout } from './dropout.ts'
import { Linear } from './linear.ts'

class Net extends Module {
  layers = new ModuleList([new Linear(2, 2, { key: 1, bias: false })])
  heads = new ModuleDict({ firstHead: new Linear(2, 3, { key: 2, bias: false }) })

  override forward(x: Tensor): Tensor {
    let y = x
    for (const layer of this.layers) y = layer.forward(y)
    return this.heads.get('firstHead').forward(y)
  }
}

describe('ModuleList', () => {
  it('numbers its modules', () => {
    const net = new Net()
    net.layers.append(new Linear(2, 2, { key: 3, bias: false }))
    expect(Object.keys(net.stateDict())).toEqual(['layers.0.weight', 'layers.1.weight', 'heads.first_head.weight'])
    expect(net.layers.length).toBe(2)
    expect([...net.layers]).toEqual([net.layers[0], net.layers[1]])
    expect(net.forward(zeros([1, 2])).shape).toEqual([1, 3])
  })

  it('takes its modules along to evaluation', () => {
    const list = new ModuleList([new Dropout(0.5), new ModuleList([new Dropout(0.5)])] as Module[])
    list.eval()
    expect(list.namedModules().map(([name, { training }]) => [name, training])).toEqual([
      ['', false],
      ['0', false],
      ['1', false],
      ['1.0', false],
    ])
  })

  it('is not called', () => {
    expect(() => new ModuleList().forward()).toThrow('ModuleList.forward: modules of a list must be called one by one')
  })
})

describe('ModuleDict', () => {
  it('names its modules', () => {
    const dict = new ModuleDict<Module>({ a: new Identity() }).set('b', new Flatten())
    expect(dict.keys()).toEqual(['a', 'b'])
    const other = new Identity()
    expect(dict.set('a', other).get('a')).toBe(other)
    expect(dict.keys()).toEqual(['a', 'b'])
    expect([dict.has('b'), dict.has('c')]).toEqual([true, false])
    expect(dict.children()).toHaveLength(2)
  })

  it('refuses names that modules have, and unknown ones', () => {
    const dict = new ModuleDict<Module>({ a: new Identity() })
    expect(() => dict.set('forward', new Identity())).toThrow(
      'ModuleDict: name must be new and without dots, got "forward"',
    )
    expect(() => dict.set('a.b', new Identity())).toThrow('ModuleDict: name must be new and without dots, got "a.b"')
    expect(() => dict.get('b')).toThrow('ModuleDict: name must be one of a, got "b"')
    expect(() => dict.forward()).toThrow('ModuleDict.forward: modules of a record must be called one by one')
  })
})
