import { defineOp, type Tensor } from '@surprisal/tensor'
import { fail } from './arguments.ts'

/**
 * The same tensor, whose values are looked at when they are computed: the read throws `name holds 2, <rule>` for the
 * first one that `holds` refuses. Gradients pass.
 */
export function checked(op: string, name: string, x: Tensor, holds: (value: number) => boolean, rule: string): Tensor {
  const check = defineOp({
    name: op,
    infer: inputs => inputs,
    reference: ([{ data }], [output]) => {
      for (let i = 0; i < data.length; i++)
        if (!holds(data[i])) fail('argument', op, `${name} holds ${data[i]}, ${rule}`)
      output.set(data)
    },
    gradient: ([dy]) => [dy],
  })
  return check([x])[0]
}
