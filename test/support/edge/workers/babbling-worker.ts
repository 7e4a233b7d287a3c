import { writeSync } from 'node:fs'
import type { ToWorker } from '../../../../src/edge/protocol/worker-protocol.ts'

/** A compromised worker: sends messages that no worker of ours sends, and last one that is malformed. */
process.on('disconnect', () => process.exit(0))
process.on('message', (message: ToWorker) => {
  if (message.type === 'drain') process.exit(0)
  if (message.type !== 'start') return
  const { edition, snapshot } = message.edition
  process.send?.({ type: 'applied', edition, version: snapshot?.version })
  process.send?.({ type: 'listening', https: 1, http: 2, addresses: ['127.0.0.1'] })
  setTimeout(babble, 200)
})
setInterval(() => process.send?.({ type: 'alive', busy: 0 }), 1_000)

function babble(): void {
  for (const type of ['usage', 'findings', 'origins', 'traffic', 'log', 'listening', '__proto__', 7])
    for (const rest of [{}, { report: null, found: 7, states: 'x', told: null, level: 'constructor' }])
      process.send?.({ type, ...rest })
  process.send?.(null)
  process.send?.('text')
}

// The channel of a process that was forked with standard streams is the fourth descriptor.
process.on('SIGUSR2', () => writeSync(3, Buffer.from('\0\0\0\x08garbage that is no message')))
