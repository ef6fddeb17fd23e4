import { requireNode } from './node-version.mjs'

requireNode()
const { ensureInstalled } = await import('./install.mjs')
const { runForeground } = await import('./run.mjs')

await ensureInstalled()
runForeground('apps/search/src/cli.ts', process.argv.slice(2), process.env.INIT_CWD)
