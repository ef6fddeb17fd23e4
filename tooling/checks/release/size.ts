import type { Check } from '../core/check.ts'
import { command } from '../core/command.ts'

export const size: Check = {
  name: 'size',
  what: 'size budgets, brotli (package.json, "size-limit")',
  needs: ['build'],
  inputs: path => path === 'package.json' || /^packages\/[^/]+\/(src\/|package\.json|tsup)/.test(path),
  run: () => command('size-limit', []),
}
