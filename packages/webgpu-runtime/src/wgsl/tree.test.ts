import { type DType, type Tensor, tensor } from '@surprisal/tensor'
import type { ReduceName } from '@surprisal/tensor/backend'
import { expect, it } from 'vitest'
import { expectAgreement } from '../__fixtures__/expect-agreement.ts'
import { describeGpu } from '../__fixtures__/gpu.ts'
import { ints, runKernels } from '../__fixtures__/run-kernels.ts'
import { everyDType, sample } from '../__fixtures__/sample.ts'
import { withRuntime } from '../__fixtures__/with-runtime.ts'
import { Binder } from '../steps/binder.ts'
import { kernelOf } from '../steps/kernel-of.ts'
import { accumulatorFor } from './accumulator.ts'
import { loadElement } from './elements.ts'
import type { GroupKernel } from './group-kernel.ts'
import { Params } from './params.ts'
import { sharedMemory, treeOf } from './tree.ts'

const reductions: ReduceName[] = ['sum', 'prod', 'max', 'min', 'any', 'all', 'argmax', 'argmin']
const reduce = (f: string, x: Tensor): Tensor => (x as unknown as Record<string, (o: object) => Tensor>)[f]({ dim: 1 })
const usesSubgroups = ({ wgsl }: GroupKernel): boolean => wgsl.startsWith('enable subgroups;')
const ways: [string, { features?: ReadonlySet<string> }, boolean][] = [
  ['by subgroups', { features: new Set(['subgroups']) }, true],
  ['by halves', { features: new Set() }, false],
]

describeGpu('rows are joined', () => {
  const runtime = withRuntime()

  it.each(ways)('%s, exactly', async (_, lower, wanted) => {
    for (const dtype of everyDType.slice(2))
      for (const f of reductions) {
        const length = f === 'prod' ? 20 : 70
        const { kernels } = await expectAgreement(runtime(), () => [reduce(f, sample(dtype, [3, length], length))], {
          lower,
        })
        expect(kernels.map(usesSubgroups)).toEqual([wanted])
      }
  })

  it.each(ways)('%s, however long they are', async (_, lower, wanted) => {
    for (const length of [17, 64, 300, 1025, 40_000])
      for (const f of reductions) {
        const make = (): Tensor[] => {
          const x = sample('float32', [2, Math.min(length, 900)], 3).reshape([2, -1, 1])
          const long =
            length > 900 ? x.expand([2, 900, 50]).reshape([2, 45_000]).slice(1, { end: length }) : x.reshape([2, -1])
          return [reduce(f, f === 'prod' ? long.mul(1e-6).add(1) : long)]
        }
        const { kernels } = await expectAgreement(runtime(), make, { tolerance: 1e-5, absolute: 1e-3, lower })
        expect(kernels.some(usesSubgroups)).toBe(wanted)
      }
  })

  it.each(ways)('%s, with NaN, infinities and the first of equals', async (_, lower) => {
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    const rows = [...odd, 7].flatMap(x => [
      Array.from({ length: 40 }, (_, i) => (i === 37 || i === 22 ? x : (i % 5) - 9)),
      Array.from({ length: 40 }, () => x),
    ])
    for (const f of reductions)
      await expectAgreement(runtime(), () => [reduce(f, tensor(rows))], { lower, tolerance: f === 'prod' ? 1e-6 : 0 })
    await expectAgreement(
      runtime(),
      () => [reduce('argmax', tensor([Array.from({ length: 30 }, () => -1e9)]).cast('int32'))],
      {
        lower,
      },
    )
    await expectAgreement(
      runtime(),
      () => [
        tensor(rows.slice(6)).softmax(),
        tensor(rows).logsumexp({ dim: 1 }),
        tensor(rows.slice(6)).layerNorm([40]),
      ],
      { tolerance: 1e-5, absolute: 1e-6, lower },
    )
  })

  it('the same each time', async () => {
    const make = (): Tensor => sample('float32', [4, 3000], 5).mul(1.1).sum({ dim: 1 })
    const first = await expectAgreement(runtime(), () => [make()], { tolerance: 1e-5, absolute: 1e-2 })
    const second = await expectAgreement(runtime(), () => [make()], { tolerance: 1e-5, absolute: 1e-2 })
    expect(second.results).toEqual(first.results)
  })
})

const lanes = 128

/** What subgroups do, by workgroup memory, for invocations that are spread over them as `idOf` says. */
const played = (idOf: string): string => `var<private> me: u32;
fn idOf(i: u32) -> u32 { return ${idOf}; }
fn peersOf() -> u32 { var n = 0u; for (var i = 0u; i < ${lanes}u; i++) { n += select(0u, 1u, idOf(i) == idOf(me)); } return n; }
fn rankOf() -> u32 { var n = 0u; for (var i = 0u; i < me; i++) { n += select(0u, 1u, idOf(i) == idOf(me)); } return n; }
${[
  ['Add', 'i32', 'a + b'],
  ['Max', 'u32', 'max(a, b)'],
  ['Min', 'u32', 'min(a, b)'],
  ['Any', 'bool', 'a || b'],
]
  .map(
    ([name, type, join]) => `var<workgroup> all${name}: array<${type}, ${lanes}>;
fn played${name}(x: ${type}) -> ${type} {
  all${name}[me] = x;
  workgroupBarrier();
  var a = x;
  for (var i = 0u; i < ${lanes}u; i++) { if (i != me && idOf(i) == idOf(me)) { let b = all${name}[i]; a = ${join}; } }
  workgroupBarrier();
  return a;
}`,
  )
  .join('\n')}`

describeGpu('subgroups', () => {
  const runtime = withRuntime()
  const values = Array.from({ length: lanes }, (_, i) => Math.round(900 * Math.sin(i * 3.7)))

  const run = async (f: ReduceName, dtype: DType, data: Int32Array | Float32Array, idOf: string): Promise<number[]> => {
    const to = accumulatorFor(f, dtype, 's')
    const binder = new Binder()
    binder.read(0, 'x')
    binder.write(1, 'out')
    const tree = treeOf(to, { rows: 1, lanes, sharing: { subgroups: true } }).map(line =>
      line
        .replaceAll('subgroupExclusiveAdd(1u)', 'rankOf()')
        .replaceAll('subgroupAdd(1u)', 'peersOf()')
        .replaceAll('subgroup', 'played'),
    )
    const result = to.types[0] === 'bool' ? `select(0u, 1u, ${to.result})` : `bitcast<u32>(${to.result})`
    const lines = [
      'me = l;',
      ...to.declare,
      'let j = l;',
      `let v = ${loadElement(dtype, 'x', 'l')};`,
      ...to.take('v'),
      ...tree,
      `out[l] = ${result};`,
    ]
    const declarations = `${sharedMemory([to], lanes)}\n${played(idOf)}`
    const kernel = kernelOf({ params: new Params(), binder, workgroup: lanes, groups: 1, lines, declarations })
    return ints(await runKernels(runtime(), [kernel], [data], 4 * lanes))
  }

  it.each([
    ['of 4', 'i / 4u'],
    ['of 8', 'i / 8u'],
    ['of 16', 'i / 16u'],
    ['of 32', 'i / 32u'],
    ['of 64', 'i / 64u'],
    ['of 128', '0u'],
    ['of one', 'i'],
    ['of neighbours far apart', 'i % 4u'],
    ['of different sizes', '(i * i) % 11u'],
  ])('%s give the same', async (_, idOf) => {
    const integers = Int32Array.from(values)
    const floats = Float32Array.from(values)
    const everywhere = (x: number): number[] => Array.from({ length: lanes }, () => x)
    expect(await run('sum', 'int32', integers, idOf)).toEqual(everywhere(values.reduce((a, b) => a + b)))
    expect(await run('argmin', 'float32', floats, idOf)).toEqual(everywhere(values.indexOf(Math.min(...values))))
    expect(
      await run(
        'any',
        'float32',
        floats.map((_, i) => (i === 77 ? 3 : 0)),
        idOf,
      ),
    ).toEqual(everywhere(1))
    const greatest = await run(
      'max',
      'float32',
      floats.map((x, i) => (i === 90 ? Number.NaN : x)),
      idOf,
    )
    expect(new Float32Array(Int32Array.from(greatest).buffer)).toEqual(new Float32Array(lanes).fill(Number.NaN))
  })
})
