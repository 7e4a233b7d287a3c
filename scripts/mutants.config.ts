import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/{unit,integration}/**/*.test.{ts,tsx}'],
    testTimeout: 30_000,
    bail: 1,
    // What the tests have in common is loaded once for all of them, as in vitest.config.ts.
    isolate: false,
    fileParallelism: false,
    fsModuleCache: false,
  },
})
