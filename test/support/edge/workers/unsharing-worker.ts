import type { FromWorker } from '../../../../src/edge/protocol/worker-protocol.ts'

/** A worker on a system that cannot share a port. */
const refusal: FromWorker = { type: 'listen-failed', code: 'ENOTSUP', port: 443 }
process.on('message', () => process.send?.(refusal))
