import type { FromWorker } from '../../../../src/edge/protocol/worker-protocol.ts'

/** A worker without permission to listen. */
const refusal: FromWorker = { type: 'listen-failed', code: 'EACCES', port: 443 }
process.on('message', () => process.send?.(refusal))
