import { prove } from './prove.ts'

addEventListener('message', ({ data }) =>
  prove(data).then(
    proof => postMessage({ proof }),
    error => postMessage({ error: String(error?.stack ?? error) }),
  ),
)
