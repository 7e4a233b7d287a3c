import type { FromWorker, ToWorker } from '../../../../src/edge/protocol/worker-protocol.ts'

/** A worker that dies when asked for its listening sockets. */
process.on('disconnect', () => process.exit(0))
process.on('message', (message: ToWorker) => {
  if (message.type === 'drain' || message.type === 'hand-over') process.exit(0)
  if (message.type !== 'start' && message.type !== 'apply') return
  const { edition, change, snapshot } = message.edition
  say({ type: 'applied', edition, version: (change ?? snapshot).version })
  if (message.type === 'start') say({ type: 'listening', https: 1, http: 2, addresses: ['127.0.0.1'] })
})
say({ type: 'alive', busy: 0 })
setInterval(() => say({ type: 'alive', busy: 0 }), 1_000)

function say(message: FromWorker): void {
  process.send?.(message)
}
