import { describe, expect, it } from 'vitest'
import { compareOutput, extractExamples } from './extract.ts'

describe('extractExamples', () => {
  it('takes ts blocks with their line and expected output', () => {
    const markdown = ['# Title', '', '```ts', 'const a = 1', 'console.log(a) // => 1', '```', 'end'].join('\n')
    expect(extractExamples(markdown)).toEqual([
      { line: 4, code: 'const a = 1\nconsole.log(a) // => 1', expected: ['1'] },
    ])
  })

  it('leaves blocks of other languages alone', () => {
    expect(extractExamples('```sh\nnpm test\n```\n```tsx\n<a />\n```\n```js\nf()\n```')).toEqual([])
  })

  it('takes several blocks, each by itself', () => {
    const found = extractExamples('```ts\nf()\n```\n\n```ts\ng() // => 2\n```\n')
    expect(found.map(example => example.code)).toEqual(['f()', 'g() // => 2'])
    expect(found.map(example => example.line)).toEqual([2, 6])
  })

  it('takes comments on lines of their own as further lines of output', () => {
    const [example] = extractExamples('```ts\nprint()\n// => one\n// =>   two\n```')
    expect(example.expected).toEqual(['one', '  two'])
  })

  it('removes the indentation of a block inside a list', () => {
    const [example] = extractExamples('- item\n\n  ```ts\n  if (x) {\n    f()\n  }\n  ```\n')
    expect(example.code).toBe('if (x) {\n  f()\n}')
  })

  it('keeps shorter fences inside a longer one', () => {
    const [example] = extractExamples('````ts\nconst s = `\n```\n`\n````')
    expect(example.code).toBe('const s = `\n```\n`')
  })
})

describe('compareOutput', () => {
  it('accepts equal lines and ignores the spaces around them', () => {
    expect(compareOutput(['1', 'two '], '1  \ntwo\n')).toBeUndefined()
    expect(compareOutput([], '')).toBeUndefined()
  })

  it('names the first line that differs', () => {
    expect(compareOutput(['1', '2'], '1\n3\n')).toBe("line 2 of its output is '3', the comment says '2'")
  })

  it('complains of missing and of undocumented output', () => {
    expect(compareOutput(['1'], '')).toBe("line 1 of its output is missing, the comment says '1'")
    expect(compareOutput([], '1\n')).toBe("line 1 of its output is '1', the comment says missing")
  })
})
