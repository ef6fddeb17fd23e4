import { SurprisalError } from '@surprisal/tensor'

const reasons: Record<string, string> = {
  ENOSPC: 'the disk is full; free some space',
  EDQUOT: 'the disk quota is used up; free some space',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
}

/** The error of a write that the system refused, as one line that says what to do. */
export function writeError(path: string, cause: unknown): SurprisalError {
  const code = systemCode(cause)
  const reason = reasons[code ?? ''] ?? (cause instanceof Error ? cause.message : String(cause))
  return new SurprisalError(
    'io',
    `search: ${path} cannot be written: ${reason}, or choose another folder with --cache`,
    {
      cause,
    },
  )
}

/** The system's name of an error, such as `ENOSPC`, also where a library has wrapped it. */
export function systemCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException
    if (code !== undefined && /^E[A-Z0-9]+$/.test(code)) return code
  }
  return undefined
}
