import { z } from 'zod'
import type { SystemName } from './types.ts'

/** Longest query that is searched, in UTF-16 units. */
export const maxQueryLength = 500

/** A validated `GET /api/search`. */
export interface SearchRequest {
  q: string
  k: number
  systems: SystemName[]
}

/**
 * Reads the parameters of `GET /api/search`: `q` (at most 500 characters, default empty), `k` (1 to 100, default 10),
 * `systems` (comma-separated, default the first available); repeated systems are asked once.
 *
 * @param available the systems that the service has; asking for another is an error.
 * @returns the request, or one line that says what is wrong with it.
 */
export function parseSearchRequest(
  parameters: Record<string, string>,
  available: readonly SystemName[],
): { request: SearchRequest } | { error: string } {
  const parsed = requestSchema(available).safeParse(parameters)
  if (parsed.success) return { request: parsed.data }
  const [issue] = parsed.error.issues
  return { error: `${String(issue.path[0])}: ${issue.message}` }
}

function requestSchema(available: readonly SystemName[]) {
  const k = 'must be a whole number from 1 to 100'
  return z.object({
    q: z.string().trim().max(maxQueryLength, `must be at most ${maxQueryLength} characters`).default(''),
    k: z
      .string()
      .regex(/^\d{1,3}$/, k)
      .transform(Number)
      .refine(value => value >= 1 && value <= 100, k)
      .default(10),
    systems: z
      .string()
      .transform(text => [...new Set(text.split(','))])
      .pipe(z.array(z.enum(available, `must be some of ${available.join(', ')}`)))
      .default(() => available.slice(0, 1)),
  })
}
