import { readText } from '../core/files.ts'
import type { Member } from '../core/workspace.ts'
import { type Import, importsOf } from './imports.ts'

/** Something that breaks a rule of the tree. */
export interface Problem {
  path: string
  line?: number
  message: string
}

/** A module of the workspace with its imports read. */
export interface Module {
  path: string
  member: Member
  text: string
  imports: Import[]
}

/** What the rules look at. */
export interface Tree {
  members: Member[]
  modules: Module[]
}

export function readTree(members: Member[], read = readText): Tree {
  const modules = members.flatMap(member =>
    member.files
      .filter(path => /\.(ts|tsx|mts)$/.test(path))
      .map(path => {
        const text = read(path)
        return { path, member, text, imports: importsOf(path, text) }
      }),
  )
  return { members, modules }
}

/** Whether a module is part of what a package ships: below src/, no test and none of the helpers of tests. */
export function isSource({ path, member }: Module): boolean {
  return path.startsWith(`${member.folder}/src/`) && !isTest(path) && !path.includes('/__fixtures__/')
}

export function isTest(path: string): boolean {
  return /\.(test|test-d)\.tsx?$/.test(path)
}

/** The name without the scope: the folder of a package and the last word of its npm name are the same. */
export function shortName(member: Member): string {
  return member.folder.slice(member.folder.indexOf('/') + 1)
}
