import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle } from '@surprisal/browser'
import { type Check, type Outcome, outcomeOf } from '../core/check.ts'
import { command } from '../core/command.ts'
import { root } from '../core/files.ts'
import { findNode } from './find-node.ts'
import type { Report } from './program/program.ts'
import { reportProblems } from './report.ts'

/** The oldest that the libraries promise to run on, and the one between it and that of the workspace. */
const versions = ['20.19.0', '22.12.0']

export const nodes: Check = {
  name: 'nodes',
  what: `the built tensor library under Node ${versions.join(', ')} and that of the workspace`,
  needs: ['build'],
  inputs: path => /^packages\/tensor\/(src\/|package\.json|tsup)|^tooling\/(build|browser)\//.test(path),
  run: async () => {
    const { deterministic } = (await runOnNode(process.execPath)).bits
    const problems: string[] = []
    const notRun: string[] = []
    const binaries = await Promise.all(versions.map(version => findNode(version)))
    for (const [i, version] of versions.entries()) {
      const binary = binaries[i]
      if (binary === null) notRun.push(`Node ${version} could not be had from the package registry`)
      else problems.push(...(await problemsOn(`Node ${version}`, binary, deterministic)))
    }
    problems.push(...(await problemsOn(`Node ${process.versions.node}`, process.execPath, deterministic)))
    const outcome: Outcome = { ...outcomeOf(problems), notRun }
    return outcome
  },
}

async function problemsOn(where: string, binary: string, deterministic: string): Promise<string[]> {
  try {
    return reportProblems(where, await runOnNode(binary), { helped: true, deterministic })
  } catch (error) {
    return [`${where}: ${(error as Error).message}`]
  }
}

/** Runs the program on the built library; the process must end by itself. */
export async function runOnNode(binary: string): Promise<Report> {
  const folder = join(root, 'node_modules/.cache/surprisal/runtimes')
  const file = join(folder, 'program.mjs')
  mkdirSync(folder, { recursive: true })
  const entry = join(root, 'tooling/checks/runtimes/program/node.ts')
  writeFileSync(file, await bundle(entry, { external: ['@surprisal/tensor'] }))
  const { ok, stdout, output } = await command(binary, [file], { seconds: 60 })
  if (!ok) throw new Error(output)
  return JSON.parse(stdout)
}
