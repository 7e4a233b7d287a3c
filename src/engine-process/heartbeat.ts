import type { WebSocket } from 'ws'

/** A live engine answers a ping within milliseconds. */
const intervalMs = 2000
/** Unanswered pings after which the peer counts as silent: 4 to 6 seconds. */
const mostUnanswered = 2

/**
 * Pings the peer of an open `socket`, and reports when it stops answering and when it answers again. Pings
 * are counted, not timed, so that a suspension of this process is not taken for silence.
 */
export function watchHeartbeat(
  socket: Pick<WebSocket, 'on' | 'once' | 'ping'>,
  onChange: (isSilent: boolean) => void,
): void {
  let unanswered = 0
  const timer = setInterval(() => {
    // A silent peer has pings to answer already, and more would fill its buffer.
    if (unanswered > mostUnanswered) return
    if (unanswered === mostUnanswered) onChange(true)
    else socket.ping()
    unanswered += 1
  }, intervalMs)
  socket.on('pong', () => {
    const wasSilent = unanswered > mostUnanswered
    unanswered = 0
    if (wasSilent) onChange(false)
  })
  socket.once('close', () => clearInterval(timer))
}
