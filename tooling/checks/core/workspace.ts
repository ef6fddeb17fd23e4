import { dirname } from 'node:path'
import { projectFiles, readText } from './files.ts'

/** The fields of a package.json that the checks read. */
export interface Manifest {
  name: string
  version?: string
  private?: boolean
  description?: string
  license?: string
  type?: string
  sideEffects?: unknown
  keywords?: string[]
  engines?: Record<string, string>
  repository?: { directory?: string }
  publishConfig?: { access?: string; provenance?: boolean }
  files?: string[]
  exports?: string | Record<string, string | Record<string, string>>
  scripts?: Record<string, string>
  surprisal?: { kind?: string }
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

/** A member of the workspace. */
export interface Member {
  /** Folder from the root, such as `packages/losses`. */
  folder: string
  manifest: Manifest
  /** Its files, as paths from the root. */
  files: string[]
}

/** Members of the workspace (`packages/*`, `apps/*`, `tooling/*` with a package.json), sorted by folder. */
export function readMembers(files = projectFiles(), read = readText): Member[] {
  return files
    .filter(path => /^(packages|apps|tooling)\/[^/]+\/package\.json$/.test(path))
    .map(path => {
      const folder = dirname(path)
      return {
        folder,
        manifest: JSON.parse(read(path)) as Manifest,
        files: files.filter(file => file.startsWith(`${folder}/`)),
      }
    })
}

/** The published libraries. */
export function publishedPackages(members = readMembers()): Member[] {
  return members.filter(member => member.folder.startsWith('packages/'))
}
