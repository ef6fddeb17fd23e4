import type { DType } from '@surprisal/tensor/backend'
import { bitsOf, perWord, shiftOf } from '../wgsl/elements.ts'
import type { GroupKernel } from '../wgsl/group-kernel.ts'
import type { Params } from '../wgsl/params.ts'
import type { Binder } from './binder.ts'
import { kernelOf } from './kernel-of.ts'

const workgroup = 64

/** A kernel in which each element of a result is made by itself. */
export interface ElementKernel {
  readonly params: Params
  readonly binder: Binder
  /** The variable of the result, which is bound. */
  readonly out: string
  readonly dtype: DType
  /** Elements of the result. */
  readonly size: number
  /** Statements that declare `value`, the element number `i`. */
  readonly body: readonly string[]
  /** Which elements are made, when others stay as they are. @default all */
  readonly only?: string
  readonly declarations?: string
}

/** One invocation for each element, or for as many as share a word. */
export function elementKernel(kernel: ElementKernel): GroupKernel {
  const { params, binder, out, dtype, size, body, only, declarations } = kernel
  const count = perWord(dtype)
  const bits = bitsOf(dtype, 'value')
  params.setUnits(size)
  const when = (statement: string): string => (only ? `if (${only}) { ${statement} }` : statement)
  const lines =
    count === 1
      ? [`let i = group * ${workgroup}u + l;`, 'if (i >= p[0].x) { return; }', ...body, when(`${out}[i] = ${bits};`)]
      : [
          `let unit = group * ${workgroup}u + l;`,
          `if (unit * ${count}u >= p[0].x) { return; }`,
          `var w = ${only ? `${out}[unit]` : '0u'};`,
          `for (var k = 0u; k < ${count}u; k++) {`,
          `let i = unit * ${count}u + k;`,
          'if (i >= p[0].x) { break; }',
          ...body,
          when(`w = insertBits(w, ${bits}, ${shiftOf(dtype, 'i')}, ${32 / count}u);`),
          '}',
          `${out}[unit] = w;`,
        ]
  return kernelOf({ params, binder, workgroup, groups: Math.ceil(size / (workgroup * count)), lines, declarations })
}
