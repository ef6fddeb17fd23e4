import type { Check } from '../core/check.ts'
import { command } from '../core/command.ts'

/** Without inputs: turbo knows what has to be built again, and puts back a dist/ that was removed. */
export const build: Check = {
  name: 'build',
  what: 'every package becomes ES modules and declarations (turbo, tsup)',
  run: () =>
    command('turbo', [
      'run',
      'build',
      '--filter=./packages/*',
      '--concurrency=100%',
      '--output-logs=errors-only',
      '--ui=stream',
    ]),
}
