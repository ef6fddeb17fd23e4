import { describe, expect, it } from 'vitest'
import { toBlocks } from './blocks.ts'

const read = (text: string, markdown = true) =>
  toBlocks(text, { markdown }).map(block => [block.lineAt(0), block.headings.join('/'), block.text])

describe('toBlocks', () => {
  it('separates paragraphs and joins their lines', () => {
    expect(read('one\ntwo  \n\n\n three\n')).toEqual([
      [1, '', 'one two'],
      [5, '', 'three'],
    ])
  })

  it.each([
    ['\n', 'line feed'],
    ['\r\n', 'carriage return and line feed'],
    ['\r', 'carriage return'],
  ])('counts lines that end with %j', newline => {
    expect(read(['# Title', '', 'text', '', 'more'].join(newline))).toEqual([
      [3, 'Title', 'text'],
      [5, 'Title', 'more'],
    ])
  })

  it('keeps the headings above a paragraph, also where a level is left out', () => {
    const text = '# A\na\n### B\nb\n### C\nc\n## D ##\nd\n# E\ne'
    expect(read(text)).toEqual([
      [2, 'A', 'a'],
      [4, 'A/B', 'b'],
      [6, 'A/C', 'c'],
      [8, 'A/D', 'd'],
      [10, 'E', 'e'],
    ])
  })

  it('reads underlined headings, and dashes elsewhere as dividers', () => {
    expect(read('Title\n=====\ntext\nmore\n---\nrest\n\nPart\n----\nend')).toEqual([
      [3, 'Title', 'text more'],
      [6, 'Title', 'rest'],
      [10, 'Title/Part', 'end'],
    ])
  })

  it('takes front matter for text', () => {
    expect(read('---\ntitle: T\n---\ntext')).toEqual([
      [2, '', 'title: T'],
      [4, '', 'text'],
    ])
    expect(read('---\na: b\nc: d\n---\ntext')).toEqual([
      [2, '', 'a: b c: d'],
      [5, '', 'text'],
    ])
    expect(read('---\ntext')).toEqual([[2, '', 'text']])
  })

  it('leaves # and empty lines inside of a code block alone', () => {
    expect(read('before\n```sh\n# no heading\n\nrun ~~~\n```\nafter')).toEqual([
      [1, '', 'before'],
      [3, '', '# no heading run ~~~'],
      [7, '', 'after'],
    ])
  })

  it('ends a code block at a mark of its own kind and length', () => {
    expect(read('~~~~\n```\n~~~\na\n~~~~\n# H\nb')).toEqual([
      [2, '', '``` ~~~ a'],
      [7, 'H', 'b'],
    ])
  })

  it('reads an unclosed code block to the end', () => {
    expect(read('```\n# a\n\nb')).toEqual([[2, '', '# a b']])
  })

  it('knows no marks in plain text', () => {
    expect(read('Title\n~~~~~\n\n# one\n===\ntwo', false)).toEqual([
      [1, '', 'Title ~~~~~'],
      [4, '', '# one === two'],
    ])
  })

  it('knows the line of every character', () => {
    const [block] = toBlocks('\nab\n  cd\nef', { markdown: true })
    expect(block.text).toBe('ab cd ef')
    expect(Array.from(block.text, (_, offset) => block.lineAt(offset))).toEqual([2, 2, 2, 3, 3, 3, 4, 4])
  })

  it('finds nothing in nothing', () => {
    expect(read('')).toEqual([])
    expect(read(' \n\t\n# \n')).toEqual([[3, '', '#']])
    expect(read('# only a heading')).toEqual([])
  })
})
