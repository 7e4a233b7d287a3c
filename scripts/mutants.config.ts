import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/{unit,integration}/**/*.test.{ts,tsx}'],
    testTimeout: 30_000,
    bail: 1,
    // Shared test modules are loaded once, as in vitest.config.ts.
    isolate: false,
    fileParallelism: false,
    fsModuleCache: false,
  },
})
