import { expect, it } from 'vitest'
import { loadWebAssets } from './web-assets.ts'

it('builds the page once, also when two ask at the same time', async () => {
  const [first, second] = await Promise.all([loadWebAssets(), loadWebAssets()])
  expect([...first.keys()]).toEqual([...second.keys()])
  const started = performance.now()
  const third = await loadWebAssets()
  expect(performance.now() - started).toBeLessThan(500)
  expect(third.get('/index.html')).toEqual(first.get('/index.html'))
})

it('gives each file its type, and lets only files with a hash in their name be kept for ever', async () => {
  const assets = await loadWebAssets()
  const kinds = [...assets].map(([path, asset]) => [
    path.replace(/-[\w-]{8}\./, '-HASH.'),
    asset.type,
    asset.cacheControl,
  ])
  const forEver = 'public, max-age=31536000, immutable'
  expect(kinds.sort()).toEqual([
    ['/assets/curve-plot-HASH.css', 'text/css; charset=utf-8', forEver],
    ['/assets/curve-plot-HASH.js', 'text/javascript; charset=utf-8', forEver],
    ['/assets/index-HASH.css', 'text/css; charset=utf-8', forEver],
    ['/assets/index-HASH.js', 'text/javascript; charset=utf-8', forEver],
    ['/favicon.svg', 'image/svg+xml; charset=utf-8', 'no-cache'],
    ['/index.html', 'text/html; charset=utf-8', 'no-cache'],
    ['/theme.js', 'text/javascript; charset=utf-8', 'no-cache'],
  ])
})

it('asks no other server for anything', async () => {
  for (const [path, { body }] of await loadWebAssets()) {
    const text = new TextDecoder().decode(body)
    const addresses = text.match(/https?:\/\/[^\s"'`)]+/g) ?? []
    // Names of XML namespaces look like addresses and are never loaded.
    expect({ path, addresses: addresses.filter(address => !address.startsWith('http://www.w3.org/')) }).toEqual({
      path,
      addresses: [],
    })
  }
})
