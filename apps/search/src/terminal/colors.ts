import pc from 'picocolors'

/** Functions that colour text. */
export type Colors = ReturnType<typeof pc.createColors>

/**
 * Colours for what is written to a stream: none unless a person watches, and none when `NO_COLOR` is set
 * (see no-color.org); `FORCE_COLOR` asks for them everywhere.
 */
export function colorsFor(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Colors {
  const watched = Boolean(stream.isTTY) && env.TERM !== 'dumb'
  return pc.createColors(!env.NO_COLOR && (watched || Boolean(env.FORCE_COLOR)))
}
