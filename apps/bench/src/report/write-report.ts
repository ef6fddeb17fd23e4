import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { html } from './html.ts'
import type { Report } from './json.ts'
import { markdown } from './markdown.ts'

/** Writes `<name>.json` (everything that was measured), `<name>.md` and `<name>.html` and gives their common path. */
export function writeReport(folder: string, report: Report): string {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, report.name)
  writeFileSync(`${path}.json`, `${JSON.stringify(report, null, 2)}\n`)
  writeFileSync(`${path}.md`, markdown(report))
  writeFileSync(`${path}.html`, html(report))
  return path
}
