import { contiguousStrides, sizeOf } from '../../shape.ts'
import { bytesOf } from '../cost.ts'
import type { Group, Instruction } from '../group.ts'
import type { KernelStep } from '../steps.ts'
import type { Value } from '../values.ts'

type Fused = KernelStep & { kind: 'fused' }
type Iota = Instruction & { kind: 'iota' }

/** Positions of more rows are left where they are. */
const mostRows = 2 ** 20

/**
 * Numbers of rows within a kernel over large values, as in a causal mask, become values in memory: a kernel that is run
 * for some rows at a time could not tell which rows they are.
 * @param values to which the numbers are added
 * @returns the step and the kernels that make the numbers
 */
export function storePositions(step: KernelStep, values: Value[], largeBytes: number): KernelStep[] {
  if (step.kind !== 'fused' || ![...step.makes, ...step.needs].some(value => bytesOf(values[value]) > largeBytes))
    return [step]
  const { group } = step
  const made: Fused[] = []
  const buffers = [...step.buffers]
  const dtypes = [...group.buffers]
  const instructions = group.instructions.map((instruction): Instruction => {
    const dims = instruction.kind === 'iota' ? rowDims(instruction, group) : []
    if (instruction.kind !== 'iota' || dims.length === 0) return instruction
    const maker = makerOf(step, instruction, dims, values)
    made.push(maker)
    dtypes.push(instruction.dtype)
    const buffer = buffers.push(maker.makes[0]) - 1
    const dense = contiguousStrides(maker.group.space)
    const strides = group.space.map((_, d) => (dims.includes(d) ? dense[dims.indexOf(d)] : 0))
    return { kind: 'load', dtype: instruction.dtype, buffer, access: { strides, offset: 0 } }
  })
  if (made.length === 0) return [step]
  const needs = [...step.needs, ...made.flatMap(({ makes }) => makes)]
  return [...made, { ...step, needs, buffers, group: { ...group, buffers: dtypes, instructions } }]
}

/** The dims along which a number differs, if they are rows and not places within a row. */
function rowDims({ access }: Iota, { space }: Group): number[] {
  const dims = [...space.keys()].filter(d => space[d] > 1 && access.strides[d] !== 0)
  const last = space.findLastIndex(size => size > 1)
  return dims.includes(last) || sizeOf(dims.map(d => space[d])) > mostRows ? [] : dims
}

function makerOf(
  step: Fused,
  { access, dtype, start, step: by, plain }: Iota,
  dims: readonly number[],
  values: Value[],
): Fused {
  const space = dims.map(d => step.group.space[d])
  const { position } = step.scalars[start]
  const primitive = { kind: 'iota', start: 0, step: 1 } as const
  const node = { shape: space, dtype, op: 'arange', primitive }
  const value = values.push({ node, position, role: 'pointwise', reads: [] }) - 1
  const strides = dims.map(d => access.strides[d])
  const instructions: Instruction[] = [
    { kind: 'iota', dtype, access: { strides, offset: access.offset }, start: 0, step: 1, plain },
  ]
  return {
    kind: 'fused',
    makes: [value],
    needs: [],
    buffers: [value],
    scalars: [step.scalars[start], step.scalars[by]],
    group: {
      kind: 'pointwise',
      space,
      reduced: [],
      buffers: [dtype],
      instructions,
      scalars: 2,
      stores: [{ value: 0, buffer: 0, each: 'element' }],
    },
  }
}
