import type { Bindings } from './bindings.ts'
import { functionsFor } from './library/library.ts'
import type { Params } from './params.ts'

const indent = (lines: readonly string[]): string => lines.map(line => `  ${line}`).join('\n')

/** A module with one entry point, whose workgroups count themselves as `group`. */
export function moduleOf(
  bindings: Bindings,
  params: Params,
  workgroup: number,
  lines: readonly string[],
  declarations = '',
): string {
  const body = indent(lines)
  const enable = /\bsubgroup[A-Z]/.test(body) ? 'enable subgroups;\n' : ''
  return `${enable}${bindings.declarations}
@group(0) @binding(${bindings.storage.length}) var<uniform> p: array<vec4<u32>, ${params.vectors}>;
${declarations}
${functionsFor(declarations + body)}
@compute @workgroup_size(${workgroup})
fn main(@builtin(workgroup_id) wid: vec3<u32>, @builtin(num_workgroups) n: vec3<u32>, @builtin(local_invocation_index) l: u32) {
  let group = wid.x + n.x * (wid.y + n.y * wid.z);
${body}
}
`
}
