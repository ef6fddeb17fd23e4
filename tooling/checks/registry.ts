import type { Check } from './core/check.ts'
import { readMembers } from './core/workspace.ts'
import { examples } from './examples/index.ts'
import { generators } from './generators.ts'
import { gpu } from './gpu/index.ts'
import { build } from './release/build.ts'
import { changesets } from './release/changesets.ts'
import { packages } from './release/packages.ts'
import { size } from './release/size.ts'
import { browsers } from './runtimes/browsers.ts'
import { nodes } from './runtimes/nodes.ts'
import { formatAndLint, knip, types } from './static.ts'
import { structure } from './structure/index.ts'
import { unitChecks } from './unit.ts'
import { vectors } from './vectors.ts'

/** Every check of `npm test`, in the order in which they run: what fails quickly comes first. */
export function allChecks(files: string[]): Check[] {
  const units = unitChecks(readMembers(files))
  return [
    formatAndLint,
    types,
    structure,
    knip,
    changesets,
    ...units,
    vectors,
    gpu,
    examples,
    build,
    packages,
    size,
    nodes,
    browsers,
    generators,
  ]
}
