import { defineConfig } from 'vitest/config'

const conditions = ['@surprisal/source', 'node', 'import', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/{src,web}/**/*.test.ts', 'tooling/**/*.test.ts'],
    testTimeout: 20_000,
  },
})
