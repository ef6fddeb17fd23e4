interface Hosts {
  readonly setImmediate?: (callback: () => void) => unknown
}

/** Resolves after the event loop has had a turn: events, timers and the collector's callbacks. */
export function nextTurn(): Promise<void> {
  const { setImmediate } = globalThis as Hosts
  return new Promise(resolve => {
    if (setImmediate) setImmediate(resolve)
    else {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        port1.close()
        resolve()
      }
      port2.postMessage(null)
    }
  })
}
