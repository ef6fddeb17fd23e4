import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')

const generated = new Set(['.git', '.turbo', '.cache', 'coverage', 'dist', 'node_modules'])

/** Paths of the files that belong to the project, relative to its root, sorted; with git, whatever it does not ignore. */
export function projectFiles(directory = root): string[] {
  if (!existsSync(join(directory, '.git'))) return walk(directory, directory).sort()
  const listed = execFileSync('git', ['ls-files', '-coz', '--exclude-standard', '--deduplicate'], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  return listed
    .split('\0')
    .filter(path => path !== '' && existsSync(join(directory, path)))
    .sort()
}

function walk(directory: string, from: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap(entry => {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) return generated.has(entry.name) ? [] : walk(path, from)
    return entry.isFile() ? [relative(from, path)] : []
  })
}

export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}
