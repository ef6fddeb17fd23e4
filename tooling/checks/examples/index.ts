import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Check, Outcome } from '../core/check.ts'
import { command } from '../core/command.ts'
import { projectFiles, readText, root } from '../core/files.ts'
import { compareOutput, type Example, extractExamples } from './extract.ts'

const readme = /^(README\.md|CONTRIBUTING\.md|(packages|apps)\/[^/]+\/README\.md)$/
/** Below the root, so that the examples find the packages, and outside of node_modules, so that Node strips their types. */
const scratch = join(root, '.cache/examples')

export const examples: Check = {
  name: 'examples',
  what: 'each ts block of a README runs and prints what its comments say',
  inputs: path => readme.test(path) || (/\.(ts|json)$/.test(path) && /^packages\/[^/]+\/(src|package)/.test(path)),
  run: async () => {
    rmSync(scratch, { recursive: true, force: true })
    mkdirSync(scratch, { recursive: true })
    try {
      return await runExamples()
    } finally {
      rmSync(scratch, { recursive: true, force: true })
    }
  },
}

async function runExamples(): Promise<Outcome> {
  const problems: string[] = []
  let passed = 0
  for (const path of projectFiles().filter(file => readme.test(file))) {
    for (const example of extractExamples(readText(path))) {
      const problem = await runExample(path, example)
      if (problem) problems.push(`${path}:${example.line}: ${problem}`)
      else passed++
    }
  }
  return { ok: problems.length === 0, output: problems.join('\n'), passed, failed: problems.length }
}

async function runExample(path: string, example: Example): Promise<string | undefined> {
  const file = join(scratch, `${path.replaceAll(/\W/g, '-')}-${example.line}.ts`)
  writeFileSync(file, `${example.code}\nexport {}\n`)
  const result = await command(process.execPath, ['--conditions=@surprisal/source', '--no-warnings', file], {
    seconds: 60,
  })
  return result.ok ? compareOutput(example.expected, result.stdout) : `the example fails\n${result.output}`
}
