import type { Check } from './check.ts'

/** Checks that the names stand for, with what they need before them; `unit` stands for every `unit:…`. */
export function selectChecks(checks: Check[], names: string[]): Check[] {
  const unknown = names.filter(name => !checks.some(check => isMeant(check, name)))
  if (unknown.length > 0) {
    throw new Error(`no check is named ${unknown.join(', ')}; there are: ${checks.map(check => check.name).join(' ')}`)
  }
  if (names.length === 0) return checks
  const wanted = new Set<string>()
  for (const check of checks) {
    if (!names.some(name => isMeant(check, name))) continue
    for (const name of [check.name, ...(check.needs ?? [])]) wanted.add(name)
  }
  return checks.filter(check => wanted.has(check.name))
}

function isMeant(check: Check, name: string): boolean {
  return check.name === name || check.name.startsWith(`${name}:`)
}
