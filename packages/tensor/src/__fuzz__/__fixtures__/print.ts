import { type Item, inputsOf, isReference, mapArgument, type Program } from './program.ts'

/** Source text of a part of an argument that stands for itself. */
class Text {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

const key = (name: string): string => (/^[a-z]\w*$/i.test(name) ? name : `'${name}'`)

/** An argument as TypeScript. */
function literal(x: unknown): string {
  if (x instanceof Text) return x.source
  if (Array.isArray(x)) return `[${x.map(literal).join(', ')}]`
  if (typeof x === 'string') return `'${x}'`
  if (typeof x === 'object' && x !== null) {
    const fields = Object.entries(x).map(([name, part]) => `${key(name)}: ${literal(part)}`)
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
  }
  return Object.is(x, -0) ? '-0' : String(x)
}

function expression(item: Item, round: number): string {
  if (item.kind === 'leaf')
    return `S.tensor(${literal(item.values[round])}, ${literal({ shape: item.shape, dtype: item.dtype })})`
  const args = item.args.map(arg =>
    literal(mapArgument(arg, part => (isReference(part) ? new Text(`v${part.ref}`) : part.each[round]))),
  )
  const pick = item.pick === null ? '' : typeof item.pick === 'number' ? `[${item.pick}]` : `.${item.pick}`
  return `S.${item.name}(${args.join(', ')})${pick}`
}

function roundLines(program: Program, round: number): string[] {
  const lines: string[] = []
  const show = (value: number) => `console.log(executor, 'v${value}', v${value}.shape, v${value}.dataSync())`
  program.items.forEach((item, value) => {
    lines.push(`const v${value} = ${expression(item, round)}`)
    if (program.reads.includes(value)) lines.push(show(value))
  })
  const outputs = [...new Set(program.outputs)]
  if (program.dispose) {
    const gone = program.items.flatMap((_, value) => (outputs.includes(value) ? [] : [`v${value}`]))
    const kept = `[${outputs.map(value => `v${value}`).join(', ')}]`
    if (gone.length > 0) lines.push(`for (const v of [${gone.join(', ')}]) if (!${kept}.includes(v)) v.dispose()`)
  }
  if (outputs.length > 0) lines.push(`await S.realize(${program.outputs.map(value => `v${value}`).join(', ')})`)
  return [...lines, ...outputs.map(show)]
}

/** A program as a module that can be pasted into a file and run: it prints what either executor computes. */
export function printProgram(program: Program): string {
  const lines = [
    "import * as S from '@surprisal/tensor'",
    "import { registerReference } from '@surprisal/tensor/reference'",
    'registerReference()',
    "for (const executor of ['reference', 'wasm']) {",
    '  S.setExecutor(executor)',
  ]
  for (let round = 0; round < program.rounds; round++) {
    const body = roundLines(program, round)
    if (program.rounds === 1) lines.push(...body.map(line => `  ${line}`))
    else lines.push('  {', ...body.map(line => `    ${line}`), '  }')
  }
  return [...lines, '}'].join('\n')
}

/** The program without the items that nothing asked for needs. */
export function withoutDeadItems(program: Program): Program {
  const needed = new Set([...program.reads, ...program.outputs])
  for (let i = program.items.length - 1; i >= 0; i--)
    if (needed.has(i)) for (const input of inputsOf(program.items[i])) needed.add(input)
  const numbers = new Map<number, number>()
  for (let i = 0; i < program.items.length; i++) if (needed.has(i)) numbers.set(i, numbers.size)
  const renumber = (value: number): number => numbers.get(value) as number
  return {
    ...program,
    items: program.items
      .filter((_, i) => needed.has(i))
      .map(item =>
        item.kind === 'leaf'
          ? item
          : {
              ...item,
              args: item.args.map(arg =>
                mapArgument(arg, part => (isReference(part) ? { ref: renumber(part.ref) } : part)),
              ),
            },
      ),
    reads: program.reads.map(renumber),
    outputs: program.outputs.map(renumber),
  }
}
