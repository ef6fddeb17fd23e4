import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const sources = fileURLToPath(new URL('.', import.meta.url))
let root: string

/** A stand-in for npx, which notes how it was called and installs nothing but a link to this Node. */
const fakeNpx = `#!/bin/sh
cd "$(dirname "$0")/.."
echo "$*" >> calls
if [ "$FAULT" = network ]; then echo "npm error code ENOTFOUND" >&2; exit 1; fi
if [ "$FAULT" = broken ]; then echo "ERR_PNPM_NO_SPACE disk is full"; exit 1; fi
case "$FAULT $*" in stale*--frozen-lockfile*) echo "ERR_PNPM_OUTDATED_LOCKFILE"; exit 1;; esac
mkdir -p node_modules/node/bin && ln -sf "${process.execPath}" node_modules/node/bin/node
`

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'surprisal-bootstrap-'))
  for (const folder of ['packages', 'apps', 'bin']) mkdirSync(join(root, folder))
  cpSync(sources, join(root, 'tooling/bootstrap'), { recursive: true })
  for (const name of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml']) writeFileSync(join(root, name), '{}')
  writeFileSync(join(root, 'bin/npx'), fakeNpx, { mode: 0o755 })
  mkdirSync(join(root, 'tooling/checks'))
  writeFileSync(
    join(root, 'tooling/checks/cli.ts'),
    'console.log(process.argv.slice(2).join())\nprocess.exitCode = Number(process.argv[2] ?? 0)\n',
  )
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function environment() {
  const { FAULT: _, CI: __, npm_config_registry: ___, ...rest } = process.env
  return { ...rest, PATH: `${join(root, 'bin')}:${process.env.PATH}` }
}

function npmTest(args: string[] = [], env: Record<string, string> = {}) {
  const options = { encoding: 'utf8', env: { ...environment(), ...env } } as const
  const result = spawnSync(process.execPath, [join(root, 'tooling/bootstrap/test.mjs'), ...args], options)
  return { code: result.status, out: result.stdout, err: result.stderr }
}

const calls = () =>
  existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').trim().split('\n') : []

describe.skipIf(process.platform === 'win32')('npm test', () => {
  it('installs from the lockfile once, then runs the checks with the arguments and exit code they have', () => {
    const first = npmTest(['3', 'types'])
    expect(first).toMatchObject({ code: 3, err: '' })
    expect(first.out).toContain('Installing dependencies')
    expect(first.out).toContain('3,types')
    expect(npmTest().out).not.toContain('Installing')
    expect(calls()).toHaveLength(1)
    expect(calls()[0]).toMatch(/^-y pnpm@[\d.]+ install --frozen-lockfile/)
  })

  it('installs again when a manifest or the lockfile changed', () => {
    npmTest()
    writeFileSync(join(root, 'pnpm-lock.yaml'), '{"a": 1}')
    npmTest()
    mkdirSync(join(root, 'packages/new'))
    writeFileSync(join(root, 'packages/new/package.json'), '{}')
    npmTest()
    expect(calls()).toHaveLength(3)
  })

  it('updates a lockfile that lags behind the manifests, but not on a build machine', () => {
    expect(npmTest([], { FAULT: 'stale', CI: 'true' })).toMatchObject({ code: 1 })
    expect(calls()).toHaveLength(1)
    expect(npmTest([], { FAULT: 'stale' })).toMatchObject({ code: 0 })
    expect(calls()[2]).toContain('--no-frozen-lockfile')
  })

  it('has one line for a registry that cannot be reached', () => {
    expect(npmTest([], { FAULT: 'network' })).toMatchObject({
      code: 1,
      err: 'surprisal: the package registry could not be reached; check the network or the proxy and run this again\n',
    })
  })

  it('shows what else went wrong', () => {
    const { code, err } = npmTest([], { FAULT: 'broken' })
    expect(code).toBe(1)
    expect(err).toContain('disk is full\nsurprisal: installing the dependencies failed, see the lines above')
  })

  it('has one line for a Node that is too old', () => {
    const program = `import { requireNode } from '${join(root, 'tooling/bootstrap/node-version.mjs')}'; requireNode('18.20.1')`
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toBe(
      'surprisal: Node 20 or newer is needed, this is Node 18.20.1. Install it from https://nodejs.org\n',
    )
  })
})

describe.skipIf(process.platform === 'win32')('npm start', () => {
  it('passes a signal on to the application and ends as it ends', async () => {
    mkdirSync(join(root, 'apps/search/src'), { recursive: true })
    writeFileSync(
      join(root, 'apps/search/src/cli.ts'),
      "process.on('SIGTERM', () => process.exit(7))\nconsole.log('ready')\nsetInterval(() => {}, 1000)\n",
    )
    const child = spawn(process.execPath, [join(root, 'tooling/bootstrap/start.mjs')], { env: environment() })
    let out = ''
    for await (const chunk of child.stdout) {
      out += chunk
      if (out.includes('ready')) break
    }
    child.kill('SIGTERM')
    expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(7)
  })
})
