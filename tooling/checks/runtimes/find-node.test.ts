import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findNode } from './find-node.ts'

let parent: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'surprisal-find-node-'))
})
afterEach(() => rmSync(parent, { recursive: true }))

/** Nothing listens there. */
const env = { npm_config_registry: 'http://127.0.0.1:1', npm_config_fetch_retries: '0' }

describe('findNode', () => {
  it('gives null and leaves nothing behind where the registry is not reachable', async () => {
    expect(await findNode('20.18.3', { parent, env })).toBeNull()
    expect(readdirSync(parent)).toEqual([])
  })

  it.skipIf(process.platform === 'win32')('takes what was downloaded before, without the registry', async () => {
    const folder = join(parent, `surprisal-node-20.18.3-${process.getuid?.() ?? 0}`)
    const binary = join(folder, `node_modules/node-${process.platform}-${process.arch}/bin/node`)
    mkdirSync(dirname(binary), { recursive: true })
    writeFileSync(binary, '')
    expect(await findNode('20.18.3', { parent, env })).toBe(binary)
  })
})
