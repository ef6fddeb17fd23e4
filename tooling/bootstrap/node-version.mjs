const oldest = 20

/** Ends the process with one clear line when the running Node is too old to bootstrap the workspace. */
export function requireNode(version = process.versions.node) {
  if (Number(version.split('.')[0]) >= oldest) return
  console.error(
    'surprisal: Node ' +
      oldest +
      ' or newer is needed, this is Node ' +
      version +
      '. Install it from https://nodejs.org',
  )
  process.exit(1)
}
