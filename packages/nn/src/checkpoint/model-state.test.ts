import { Module, Parameter, SurprisalError, tensor, zeros } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { requireModelState } from './model-state.ts'

class Net extends Module {
  weight = new Parameter(zeros([2, 3]))
  bias = new Parameter(zeros([2]))
  tied = this.weight

  forward(): null {
    return null
  }
}

class Wide extends Module {
  constructor(count: number) {
    super()
    for (let i = 0; i < count; i++) Object.assign(this, { [`w${i}`]: new Parameter(tensor(i)) })
  }

  forward(): null {
    return null
  }
}

describe('requireModelState', () => {
  it('accepts a state, and one that holds a tied weight once', () => {
    const state = new Net().stateDict()
    expect(() => requireModelState('f', new Net(), state)).not.toThrow()
    const { tied: _, ...once } = state
    expect(() => requireModelState('f', new Net(), once)).not.toThrow()
    const { weight: __, ...other } = state
    expect(() => requireModelState('f', new Net(), other)).not.toThrow()
  })

  it('lists what is missing, unexpected and of another shape together', () => {
    const state = { weight: zeros([3, 3]), extra: tensor(1) }
    expect(() => requireModelState('readCheckpoint', new Net(), state)).toThrow(
      new SurprisalError(
        'argument',
        'readCheckpoint: file must be of a model like this one; missing: bias; unexpected: extra; ' +
          'other shapes: weight is [3, 3] in the file and [2, 3] in the model',
      ),
    )
  })

  it('cuts long lists', () => {
    expect(() => requireModelState('f', new Wide(11), {})).toThrow('missing: w0, w1, w2, w3, w4, w5, w6, w7 and 3 more')
    expect(() => requireModelState('f', new Wide(8), {})).toThrow(/w6, w7$/)
  })
})
