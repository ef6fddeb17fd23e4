import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { manifests, root, workspaceNode } from './workspace.mjs'

const pnpm = 'pnpm@10.34.8'
const stampFile = join(root, 'node_modules/.surprisal-install')
const staleLockfile = /ERR_PNPM_(OUTDATED_LOCKFILE|LOCKFILE_CONFIG_MISMATCH|NO_LOCKFILE)/
const networkFaults =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|UND_ERR|ERR_SOCKET_TIMEOUT|META_FETCH_FAIL/

/** Installs the dependencies unless those in node_modules already are the ones that the lockfile and manifests ask for. */
export async function ensureInstalled() {
  if (readStamp() === fingerprint() && existsSync(workspaceNode)) return

  console.log(`Installing dependencies (npx ${pnpm} install; about half a minute the first time)`)
  let result = await install('--frozen-lockfile')
  // A package that was just added or edited by hand is not in the lockfile yet; only a person's machine may update it.
  if (result.code !== 0 && staleLockfile.test(result.output) && process.env.CI !== 'true') {
    console.log('The manifests changed: updating pnpm-lock.yaml')
    result = await install('--no-frozen-lockfile')
  }
  if (result.code !== 0) fail(result.output)
  writeFileSync(stampFile, fingerprint())
}

function install(lockfileFlag) {
  const args = [
    '-y',
    pnpm,
    'install',
    lockfileFlag,
    '--prefer-offline',
    '--reporter=append-only',
    '--config.confirm-modules-purge=false',
  ]
  const patience = {
    npm_config_fetch_retries: '2',
    npm_config_fetch_retry_mintimeout: '1000',
    npm_config_fetch_retry_maxtimeout: '5000',
  }
  const child = spawn('npx', args, {
    cwd: root,
    env: { ...patience, ...process.env },
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk))
  return new Promise(resolve => {
    child.on('error', error => resolve({ code: 1, output: String(error) }))
    child.on('close', code => resolve({ code, output }))
  })
}

function fail(output) {
  if (networkFaults.test(output)) {
    const registry = process.env.npm_config_registry
    console.error(
      `surprisal: the package registry${registry ? ` (${registry})` : ''} could not be reached; check the network or the proxy and run this again`,
    )
  } else {
    console.error(output.trimEnd())
    console.error('surprisal: installing the dependencies failed, see the lines above')
  }
  process.exit(1)
}

function fingerprint() {
  const digest = createHash('sha256')
  for (const path of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests()]) {
    digest
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0')
  }
  return digest.digest('hex')
}

function readStamp() {
  return existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : undefined
}
