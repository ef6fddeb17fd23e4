import type { Check, Outcome } from './core/check.ts'
import { command } from './core/command.ts'
import { publishedPackages } from './core/workspace.ts'

const runner = ['--conditions=@surprisal/source', 'packages/testing/src/cli/vectors.ts']

export const vectors: Check = {
  name: 'vectors',
  what: 'the conformance cases that each package carries, none of them missing its function',
  inputs: path => /^packages\/[^/]+\/(vectors|src|package\.json)/.test(path) && !path.endsWith('.test.ts'),
  run: async () => {
    const folders = publishedPackages()
      .filter(member => member.files.some(path => path.startsWith(`${member.folder}/vectors/`)))
      .map(member => `${member.folder}/vectors`)
    const total = { ok: true, output: '', passed: 0, failed: 0 }
    for (const folder of folders) add(total, await runVectors(folder))
    return total
  },
}

/** The part of the runner's report that is read here. */
interface FileReport {
  file: string
  failures: { case: string; problems: string[] }[]
  missing: string[]
}

async function runVectors(folder: string): Promise<Outcome> {
  const result = await command(process.execPath, [...runner, folder, '--strict', '--json'])
  try {
    const { passed, failed, notBuilt, files } = JSON.parse(result.stdout)
    const problems = (files as FileReport[]).flatMap(report => problemsOf(`${folder}/${report.file}`, report))
    return { ok: result.ok, output: problems.join('\n'), passed, failed: failed + notBuilt }
  } catch {
    return { ...result, output: `${folder}: ${result.output}` }
  }
}

function problemsOf(path: string, { failures, missing }: FileReport): string[] {
  return [
    ...failures.map(failure => `${path}: ${failure.case}: ${failure.problems.join('; ')}`),
    ...missing.map(name => `${path}: ${name} is not exported`),
  ]
}

function add(total: Required<Omit<Outcome, 'notRun'>>, part: Outcome): void {
  total.passed += part.passed ?? 0
  if (part.ok) return
  total.ok = false
  total.failed += Math.max(1, part.failed ?? 1)
  total.output += `${part.output}\n`
}
