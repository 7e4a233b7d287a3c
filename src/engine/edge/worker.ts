import { createEdge } from './edge.ts'
import { ListenError } from './listener.ts'
import { aliveMs, type FromWorker, type Snapshot, type ToWorker } from './snapshot.ts'

/**
 * The edge worker's process. It knows what its snapshot says and reports over the process channel;
 * it opens no file of ours, and it ends when the channel does.
 */
const edge = createEdge({
  log: (level, message, fields) => say({ type: 'log', level, message, ...(fields ? { fields } : {}) }),
})

process.on('message', (message: ToWorker) => void receive(message))
process.on('disconnect', () => process.exit(0))
setInterval(() => say({ type: 'alive' }), aliveMs).unref()
// Ctrl-C in a terminal reaches the whole process group; the engine says when to end.
process.on('SIGINT', () => undefined)
process.on('uncaughtException', (error) => {
  const fields = { error: error.stack ?? error.message }
  say({ type: 'log', level: 'error', message: 'The edge worker failed and ends', fields }, () =>
    process.exit(70),
  )
})

async function receive(message: ToWorker): Promise<void> {
  if (message.type === 'drain') {
    await edge.drain(message.deadlineMs)
    process.exit(0)
  }
  // A change that cannot be made is refused; a start must bring back what can be served.
  if (message.type === 'apply') apply(message.snapshot)
  else if (apply(message.snapshot, sayUnusable)) await listen(message.listen)
}

function sayUnusable(certificate: string, reason: string): void {
  say({
    type: 'log',
    level: 'error',
    message: 'A certificate cannot be served',
    fields: { certificate, reason },
  })
}

function apply(snapshot: Snapshot, onUnusable?: typeof sayUnusable): boolean {
  try {
    edge.apply(snapshot, onUnusable)
    say({ type: 'applied', version: snapshot.version })
    return true
  } catch (error) {
    for (const { leafKeyPem } of Object.values(snapshot.certificates)) leafKeyPem.fill(0)
    const reason = error instanceof Error ? error.message : String(error)
    say({ type: 'apply-failed', version: snapshot.version, reason })
    return false
  }
}

async function listen(request: Extract<ToWorker, { type: 'start' }>['listen']): Promise<void> {
  try {
    say({ type: 'listening', ...(await edge.listen(request)) })
  } catch (error) {
    if (!(error instanceof ListenError)) throw error
    say({ type: 'listen-failed', code: error.code, port: error.port })
  }
}

function say(message: FromWorker, sent?: () => void): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => sent?.())
  else sent?.()
}
