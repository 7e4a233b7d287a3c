/** An edge worker that starts late, as on an overloaded machine. */
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 12_000)
await import('../../../../src/edge/worker/worker.ts')

export {}
