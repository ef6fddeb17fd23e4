import { command } from '../core/command.ts'
import type { NamedProof } from './index.ts'
import type { ProofOptions } from './program/prove.ts'

const program = ['--conditions=@surprisal/source', '--no-warnings', 'tooling/checks/gpu/program/node.ts']

/** Runs all conformance cases and so many random graphs by Dawn, in a process of its own. */
export async function proveInNode(limits: ProofOptions['limits'], graphs: number, seed: number): Promise<NamedProof> {
  const { ok, stdout, output } = await command(process.execPath, [...program, limits, `${graphs}`, `${seed}`])
  const where = `Node with the limits '${limits}'`
  return { where, proof: ok ? JSON.parse(stdout) : { passed: 0, problems: [output] } }
}
