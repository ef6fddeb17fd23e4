import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundle } from './bundle.ts'

let folder: string
const entry = (name: string) => join(folder, name)
const load = (text: string) => import(`data:text/javascript,${encodeURIComponent(text)}`)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'surprisal-bundle-'))
  writeFileSync(entry('part.ts'), `export const part: string = 'a part'`)
  writeFileSync(entry('whole.ts'), `import { part } from './part.ts'\nexport const whole = part + ' of the whole'`)
  writeFileSync(entry('foreign.ts'), `export { basename } from 'node:path'`)
  writeFileSync(entry('broken.ts'), `import './missing.ts'`)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('bundle', () => {
  it('makes one module without imports', async () => {
    const text = await bundle(entry('whole.ts'))
    expect(text).not.toContain('import')
    expect((await load(text)).whole).toBe('a part of the whole')
  })

  it('leaves imports that are said to be external', async () => {
    const text = await bundle(entry('foreign.ts'), { external: ['node:path'] })
    expect((await load(text)).basename('/a/b')).toBe('b')
  })

  it('refuses what a page cannot have, and what is not there', async () => {
    await expect(bundle(entry('foreign.ts'))).rejects.toThrow('Could not resolve "node:path"')
    await expect(bundle(entry('broken.ts'))).rejects.toThrow('Could not resolve "./missing.ts"')
  })
})
