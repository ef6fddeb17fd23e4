import { type Check, outcomeOf } from '../core/check.ts'
import { readMembers } from '../core/workspace.ts'
import { anatomyProblems } from './anatomy.ts'
import { cycleProblems } from './cycles.ts'
import { indexFileProblems } from './index-file.ts'
import { layerProblems } from './layers.ts'
import { type Problem, readTree, type Tree } from './model.ts'
import { testProblems } from './tests-beside.ts'

const rules: ((tree: Tree) => Problem[])[] = [
  layerProblems,
  cycleProblems,
  anatomyProblems,
  indexFileProblems,
  testProblems,
]

export const structure: Check = {
  name: 'structure',
  what: 'who imports whom, no import cycles, the anatomy of a package',
  inputs: path => /^(packages|apps|tooling)\//.test(path),
  run: async () => {
    const tree = readTree(readMembers())
    return outcomeOf(rules.flatMap(rule => rule(tree)).map(format))
  },
}

function format({ path, line, message }: Problem): string {
  return `${path}${line === undefined ? '' : `:${line}`}: ${message}`
}
