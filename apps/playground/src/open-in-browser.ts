import { spawn } from 'node:child_process'

/** Program that opens an address in the browser of the person, by system. */
export function opener(platform: NodeJS.Platform, url: string): [string, string[]] {
  if (platform === 'darwin') return ['open', [url]]
  if (platform === 'win32') return ['cmd', ['/c', 'start', '', url]]
  return ['xdg-open', [url]]
}

/** Opens an address; where there is no browser nothing happens, as the address has been printed. */
export function openInBrowser(url: string): void {
  const [program, args] = opener(process.platform, url)
  const child = spawn(program, args, { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}
