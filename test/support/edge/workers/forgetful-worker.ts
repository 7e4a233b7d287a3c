import type { FromWorker, ToWorker } from '../../../../src/edge/protocol/worker-protocol.ts'

/** A worker that loses its snapshot at the first change, and reports later messages. */
let hasForgotten = false

process.on('disconnect', () => process.exit(0))
process.on('message', (message: ToWorker) => {
  if (message.type === 'drain') process.exit(0)
  if (message.type !== 'start' && message.type !== 'apply') return
  const { edition, change, snapshot } = message.edition
  if (change && !hasForgotten) {
    hasForgotten = true
    return say({ type: 'base-missing', edition })
  }
  say({ type: 'log', level: 'info', message: change ? 'a change' : 'a whole one' })
  say({ type: 'applied', edition, version: (change ?? snapshot).version })
  if (message.type === 'start') say({ type: 'listening', https: 1, http: 2, addresses: ['127.0.0.1'] })
})
setInterval(() => say({ type: 'alive', busy: 0 }), 1_000)

function say(message: FromWorker): void {
  process.send?.(message)
}
