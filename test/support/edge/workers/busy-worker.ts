import type { FromWorker, ToWorker } from '../../../../src/edge/protocol/worker-protocol.ts'
import { busyFolder } from './busy-folder.ts'

/*
 * The edge worker, but for what it says of its load: how busy a real one is depends on what else the machine does.
 */

let busy = 0
const send = process.send!.bind(process)
process.send = (message: FromWorker, ...rest: []) =>
  send(message.type === 'alive' ? { ...message, busy } : message, ...rest)

process.on('message', (message: ToWorker) => {
  if (!('edition' in message)) return
  const { vaultFolder } = message.edition.change ?? message.edition.snapshot
  busy = vaultFolder === busyFolder ? 1 : 0
})

await import('../../../../src/edge/worker/worker.ts')
