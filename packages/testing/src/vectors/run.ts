import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { SurprisalError } from '@surprisal/tensor'
import { bitsOf } from './bits.ts'
import { parseVectorFile } from './format.ts'
import { type Exports, runCase } from './run-case.ts'

export interface Failure {
  case: string
  problems: string[]
}

/** What came of one file. */
export interface FileReport {
  file: string
  package: string
  passed: number
  failed: number
  notBuilt: number
  failures: Failure[]
  /** Functions that the package does not export yet. */
  missing: string[]
  /** A digest of the results of each case that passed, where it was asked for. */
  bits?: string[]
}

/** Options of {@link runVectors} and {@link runVectorFile}. */
export interface RunVectorsOptions {
  /** Whether to add a digest of each result, for comparisons bit by bit between two runs. Default: false */
  readonly bits?: boolean
}

/** What came of a directory. */
export interface VectorReport {
  files: FileReport[]
  passed: number
  failed: number
  notBuilt: number
}

/** Every `*.json` file at or below `path`, in order. */
export async function findVectorFiles(path: string): Promise<string[]> {
  if (!existsSync(path)) throw new SurprisalError('io', `vectors: ${path} does not exist`)
  if ((await stat(path)).isFile()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith('.json'))
    .map(entry => join(entry.parentPath, entry.name))
    .filter(file => !relative(path, file).split(sep).includes('node_modules'))
    .filter(file => basename(file) !== 'package.json')
    .sort()
}

/** The package that a file speaks of: its folder's name, or for a folder `vectors` the package that holds it. */
export async function packageOf(file: string): Promise<string> {
  const folder = dirname(file)
  const manifest = join(folder, '..', 'package.json')
  if (basename(folder) === 'vectors' && existsSync(manifest))
    return (JSON.parse(await readFile(manifest, 'utf8')) as { name: string }).name
  return `@surprisal/${basename(folder)}`
}

async function importPackage(name: string): Promise<Exports> {
  try {
    return (await import(name)) as Exports
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${name}'`)) return {}
    throw error
  }
}

/** Runs the cases of one file. */
export async function runVectorFile(
  file: string,
  root = '.',
  { bits = false }: RunVectorsOptions = {},
): Promise<FileReport> {
  const { cases } = parseVectorFile(await readFile(file, 'utf8'), file)
  const name = await packageOf(file)
  const exports = await importPackage(name)
  const report: FileReport = {
    file: relative(root, file) || basename(file),
    package: name,
    passed: 0,
    failed: 0,
    notBuilt: 0,
    failures: [],
    missing: [],
    ...(bits ? { bits: [] } : {}),
  }
  for (const entry of cases) {
    const results: unknown[] = []
    const outcome = await runCase(entry, exports, value => results.push(value))
    if (outcome.status === 'passed') report.bits?.push(await bitsOf(results))
    report[outcome.status] += 1
    if (outcome.status === 'failed') report.failures.push({ case: entry.name, problems: outcome.problems })
    if (outcome.status === 'notBuilt' && !report.missing.includes(outcome.missing)) report.missing.push(outcome.missing)
  }
  return report
}

/** Runs every vectors file at or below `path`. */
export async function runVectors(path: string, options: RunVectorsOptions = {}): Promise<VectorReport> {
  const files: FileReport[] = []
  for (const file of await findVectorFiles(path)) files.push(await runVectorFile(file, path, options))
  const total = (key: 'passed' | 'failed' | 'notBuilt') => files.reduce((sum, file) => sum + file[key], 0)
  return { files, passed: total('passed'), failed: total('failed'), notBuilt: total('notBuilt') }
}
