import { isChromiumAvailable } from '@surprisal/browser'
import { type Check, outcomeOf } from '../core/check.ts'
import { proveInChromium } from './in-chromium.ts'
import { proveInNode } from './in-node.ts'
import type { Proof } from './program/prove.ts'

/** A proof and what was proved where. */
export interface NamedProof {
  readonly where: string
  /** Null where there is no GPU. */
  readonly proof: Proof | null
}

const folders =
  /^(packages\/(tensor|webgpu-runtime|testing)\/(src|vectors|package\.json)|tooling\/(browser|checks\/gpu)\/)/

export const gpu: Check = {
  name: 'gpu',
  what: 'conformance cases and random graphs on WebGPU in Node and in Chromium, also with the least limits',
  inputs: path => folders.test(path) && (!path.endsWith('.test.ts') || path.includes('/__fuzz__/')),
  run: async () => {
    const notRun: string[] = []
    const inChromium = isChromiumAvailable() ? proveInChromium() : []
    if (!isChromiumAvailable())
      notRun.push(`WebGPU in Chromium: its package is for Linux on x64, not ${process.platform} on ${process.arch}`)
    const proofs = (
      await Promise.all([proveInNode('adapter', 300, 1), proveInNode('minimum', 100, 2), inChromium])
    ).flat()
    const problems: string[] = []
    let passed = 0
    for (const { where, proof } of proofs) {
      if (proof === null) notRun.push(`WebGPU in ${where}: no adapter on ${process.platform} on ${process.arch}`)
      passed += proof?.passed ?? 0
      problems.push(...(proof?.problems ?? []).map(problem => `${where}: ${problem}`))
    }
    return { ...outcomeOf(problems), passed, failed: problems.length, notRun }
  },
}
