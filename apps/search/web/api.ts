import type { ErrorResponse, InfoResponse, SearchResponse, SystemName } from '../src/server/types.ts'

/** What to ask the server for. */
export interface SearchQuestion {
  query: string
  systems: readonly SystemName[]
  k: number
}

/** Asks for the ranked results of each system. */
export function fetchSearch({ query, systems, k }: SearchQuestion): Promise<SearchResponse> {
  const parameters = new URLSearchParams({ q: query, k: String(k), systems: systems.join(',') })
  return fetchJson(`/api/search?${parameters}`)
}

/** Asks what is searched, how well, and how it was trained. */
export function fetchInfo(): Promise<InfoResponse> {
  return fetchJson('/api/info')
}

async function fetchJson<T>(path: string): Promise<T> {
  const response = await fetch(path).catch(() => {
    throw new Error('The search program does not answer. Is it still running in its terminal?')
  })
  if (response.ok) return response.json() as Promise<T>
  const body = (await response.json().catch(() => null)) as ErrorResponse | null
  throw new Error(`The search program refused: ${body?.error ?? response.statusText}.`)
}
