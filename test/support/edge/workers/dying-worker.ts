/** The edge worker from its sources, which crashes at each client of `killer.test`. */
await import('./crash-at-killer.ts')
await import('../../../../src/edge/worker/worker.ts')

export {}
