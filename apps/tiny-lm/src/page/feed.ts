import type { Progress } from '@surprisal/nn'

/** What the page is told. */
export type FeedEvent =
  | { readonly kind: 'about'; readonly text: string }
  | ({ readonly kind: 'step' } & Pick<Progress, 'step' | 'steps' | 'loss' | 'lr' | 'tokensPerSecond' | 'secondsLeft'>)
  | { readonly kind: 'evaluation'; readonly step: number; readonly natsPerCharacter: number; readonly sample: string }
  | { readonly kind: 'end'; readonly text: string }

/** Everything that a training has told, for those who come later too. */
export class Feed {
  readonly #events: FeedEvent[] = []
  readonly #listeners = new Set<() => void>()

  add(event: FeedEvent): void {
    this.#events.push(event)
    for (const wake of this.#listeners) wake()
  }

  /** All events from the first on; waits for more until the signal is aborted. */
  async *from(start: number, signal: AbortSignal): AsyncGenerator<readonly FeedEvent[], void, void> {
    let at = start
    while (!signal.aborted) {
      if (at < this.#events.length) {
        const more = this.#events.slice(at)
        at = this.#events.length
        yield more
      } else await this.#next(signal)
    }
  }

  #next(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        this.#listeners.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#listeners.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }
}
