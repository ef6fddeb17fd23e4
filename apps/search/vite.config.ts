import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

/** Builds the search page; `vite` alone serves it for work on the page, beside a running `npm start`. */
export default defineConfig({
  root: fileURLToPath(new URL('web', import.meta.url)),
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    // The content security policy allows no inline code and no data URL but for images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: true,
    target: 'es2023',
  },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:4173', changeOrigin: true } } },
})
