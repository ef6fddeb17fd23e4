import { stripVTControlCharacters } from 'node:util'
import { SurprisalError } from '@surprisal/tensor'
import { type CommandDef, defineCommand, renderUsage, runCommand } from 'citty'
import { evalCommand } from './commands/eval.ts'
import { exportCommand } from './commands/export.ts'
import { sampleCommand } from './commands/sample.ts'
import { trainCommand } from './commands/train.ts'
import { checkArguments } from './terminal/arguments.ts'

const commands: Readonly<Record<string, CommandDef>> = {
  train: trainCommand as CommandDef,
  sample: sampleCommand as CommandDef,
  eval: evalCommand as CommandDef,
  export: exportCommand as CommandDef,
}

const mainCommand = defineCommand({
  meta: { name: 'surprisal-lm', description: 'Trains, evaluates and samples a small language model of your own text.' },
  subCommands: commands,
})

async function main([name = '--help', ...rawArgs]: readonly string[]): Promise<void> {
  const command = Object.hasOwn(commands, name) ? commands[name] : null
  const asksForHelp = [name, ...rawArgs].some(arg => arg === '--help' || arg === '-h')
  if (!command && !asksForHelp)
    throw new SurprisalError('argument', `tiny-lm: command must be ${Object.keys(commands).join(', ')}, got ${name}`)
  if (asksForHelp) {
    const usage = await renderUsage(command ?? (mainCommand as CommandDef))
    return console.log(process.stdout.isTTY ? usage : stripVTControlCharacters(usage))
  }
  const chosen = command as CommandDef
  checkArguments(rawArgs, (await chosen.args) as Parameters<typeof checkArguments>[1])
  await runCommand(chosen, { rawArgs: [...rawArgs] })
}

/** What went wrong in one line; where it is a mistake of this program, also the place. */
function describe(error: Error): string {
  const isExpected = error instanceof SurprisalError || error.name === 'CLIError'
  return isExpected ? error.message : (error.stack ?? error.message)
}

// Who reads only the first lines (`| head`) has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(`Error: ${describe(error)}`)
  process.exitCode = error instanceof SurprisalError && error.code === 'argument' ? 2 : 1
})
