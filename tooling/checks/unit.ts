import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Check, Outcome } from './core/check.ts'
import { command } from './core/command.ts'
import { readText } from './core/files.ts'
import type { Member } from './core/workspace.ts'

const shared = /^(vitest\.config\.ts|package\.json|pnpm-workspace\.yaml|tsconfig\.json|tooling\/typescript\/.*)$/

/** One check for the tests of each member of the workspace, and one for those of the tooling. */
export function unitChecks(members: Member[], read = readText): Check[] {
  const suites = members.filter(member => !member.folder.startsWith('tooling/') && hasTests(member.files))
  return [
    ...suites.map(member =>
      unitCheck(member.folder, new Set([member.folder, ...foldersUsedBy(member, members, read)])),
    ),
    unitCheck('tooling', new Set(['tooling'])),
  ]
}

function unitCheck(folder: string, dependsUpon: Set<string>): Check {
  const folders = [...dependsUpon].map(name => `${name}/`)
  return {
    name: `unit:${folder.replace(/^(packages|apps)\//, '')}`,
    what: `the tests of ${folder}`,
    inputs: path => shared.test(path) || (!path.endsWith('.md') && folders.some(name => path.startsWith(name))),
    run: () => runTests(folder),
  }
}

async function runTests(folder: string): Promise<Outcome> {
  const scratch = mkdtempSync(join(tmpdir(), 'surprisal-unit-'))
  const report = join(scratch, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const result = await command('vitest', ['run', `${folder}/`, ...reporters])
    return { ...result, ...countTests(report) }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function countTests(report: string): Pick<Outcome, 'passed' | 'failed'> {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
    return { passed: numPassedTests, failed: numFailedTests }
  } catch {
    return {}
  }
}

function hasTests(files: string[]): boolean {
  return files.some(path => path.endsWith('.test.ts'))
}

/** Folders of the workspace packages that a member names in its sources or manifest, and of those that these name. */
export function foldersUsedBy(member: Member, members: Member[], read = readText): Set<string> {
  const found = new Set<string>()
  const visit = (current: Member) => {
    for (const path of current.files.filter(file => /\.(ts|tsx|mjs)$|\/package\.json$/.test(file))) {
      for (const [name] of read(path).matchAll(/@surprisal\/[\w-]+/g)) {
        const used = members.find(other => other.manifest.name === name)
        if (!used || found.has(used.folder)) continue
        found.add(used.folder)
        visit(used)
      }
    }
  }
  visit(member)
  return found
}
