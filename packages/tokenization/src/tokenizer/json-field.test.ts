import { SurprisalError } from '@surprisal/tensor'
import { describe, expect, it } from 'vitest'
import { JsonField } from './json-field.ts'

const root = new JsonField({ model: { list: [1, 'x'], flag: true, nothing: null } })
const model = root.get('model')

const failing = (read: () => unknown, message: string): void => {
  expect(read).toThrow(new SurprisalError('format', `loadTokenizer: ${message}`))
}

describe('JsonField', () => {
  it('reads values', () => {
    const [first, second] = model.get('list').items()
    expect([first.integer(), second.string(), second.stringOrNull(), model.get('flag').boolean(false)]).toEqual([
      1,
      'x',
      'x',
      true,
    ])
  })

  it('takes null and nothing as absent', () => {
    expect([model.get('nothing').absent, model.get('none').absent, model.get('flag').absent]).toEqual([
      true,
      true,
      false,
    ])
    expect([model.get('nothing').boolean(true), model.get('none').stringOrNull()]).toEqual([true, null])
  })

  it('sees only fields of the object itself', () => {
    expect(model.get('toString').absent).toBe(true)
    expect(new JsonField(JSON.parse('{"__proto__": 1}')).get('__proto__').integer()).toBe(1)
  })

  it('names the path of what is wrong', () => {
    failing(() => model.get('list').items()[1].integer(), 'model.list[1] must be an integer >= 0, got "x"')
    failing(() => model.get('list').object(), 'model.list must be an object, got an array')
    failing(() => model.get('flag').get('x'), 'model.flag must be an object, got true')
    failing(() => model.get('flag').string(), 'model.flag must be a string, got true')
    failing(() => model.get('list').boolean(true), 'model.list must be true or false, got an array')
    failing(() => model.get('none').items(), 'model.none must be an array, got nothing')
    failing(() => new JsonField(3).object(), 'json must be an object, got 3')
  })
})
