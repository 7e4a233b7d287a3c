import { defineConfig } from 'vitest/config'

/** Where sockets, processes and clocks are real, a loaded machine only takes longer. */
const realTime = {
  globalSetup: [
    'test/support/processes/required-programs.ts',
    'test/support/processes/leftover-processes.ts',
  ],
  testTimeout: 90_000,
  hookTimeout: 120_000,
  fileParallelism: false,
  expect: { poll: { timeout: 30_000 } },
}

/** No way to the keychain of whoever runs the tests (Linux): a test that wants one has its own. */
const withoutKeychain = { DBUS_SESSION_BUS_ADDRESS: 'disabled:' }

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          globalSetup: ['test/support/processes/required-programs.ts'],
          env: withoutKeychain,
          testTimeout: 60_000,
          // What a file changes outside of its own modules it puts back, so that the packages need loading once.
          isolate: false,
          maxWorkers: 2,
          include: ['test/unit/**/*.test.{ts,tsx}'],
          setupFiles: 'test/support/provoked-codes.ts',
        },
      },
      {
        test: {
          ...realTime,
          name: 'integration',
          globalSetup: [...realTime.globalSetup, 'test/support/processes/built-product.ts'],
          env: withoutKeychain,
          include: ['test/integration/**/*.test.ts'],
          setupFiles: 'test/support/provoked-codes.ts',
          // Much of their time is waiting: for processes to start, and for deadlines to pass.
          fileParallelism: true,
          maxWorkers: 4,
          // As for the unit tests. What tests have in common is loaded once for each worker.
          isolate: false,
        },
      },
      {
        test: {
          ...realTime,
          name: 'e2e',
          env: withoutKeychain,
          include: ['test/e2e/**/*.e2e.ts'],
          globalSetup: [
            ...realTime.globalSetup,
            'test/support/processes/built-product.ts',
            'test/support/browser/e2e-setup.ts',
          ],
          testTimeout: 120_000,
          // Each file has an engine, ports and a browser of its own; Playwright is loaded once for all.
          isolate: false,
          fileParallelism: true,
          maxWorkers: 2,
        },
      },
      {
        test: {
          ...realTime,
          name: 'e2e-desktop',
          include: ['test/e2e-desktop/**/*.e2e.ts'],
          testTimeout: 120_000,
          // Playwright and the client are loaded once for all files, which run one after the other.
          isolate: false,
          // An ordinary user may run it in a checkout of root's.
          fsModuleCache: false,
        },
      },
      {
        // Every client of this computer, as an ordinary user; minutes long.
        test: { ...realTime, name: 'trust', include: ['test/trust/*.trust.ts'], testTimeout: 300_000 },
      },
      {
        // Against a real Pebble and a real DNS server.
        test: { ...realTime, name: 'acme', include: ['test/acme/*.acme.ts'] },
      },
      {
        test: {
          ...realTime,
          name: 'packages',
          include: ['test/packages/*.package.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
})
