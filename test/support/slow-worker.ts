/** An edge worker that comes up late, as on a machine with more to do than it can. */
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 12_000)
await import('../../src/edge/worker/worker.ts')

export {}
