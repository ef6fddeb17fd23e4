import { expect, test } from 'vitest'
import { Code } from '../code.ts'
import { temporaries, vectors } from './temporaries.ts'

test('locals differ within a use and are used again after it', () => {
  const code = new Code(2)
  const seen: number[] = []
  temporaries(code, (a, b, c) => {
    seen.push(a, b, c)
  })
  expect(new Set(seen).size).toBe(3)
  vectors(code, 3, locals => expect([...locals].sort()).toEqual([...seen].sort()))
  expect(code.locals).toEqual(['v128', 'v128', 'v128'])
})

test('uses within uses get others', () => {
  const code = new Code(0)
  temporaries(code, outer => {
    temporaries(code, inner => expect(inner).not.toBe(outer))
  })
  expect(code.locals.length).toBe(2)
})
