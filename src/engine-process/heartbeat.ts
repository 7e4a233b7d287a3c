import type { WebSocket } from 'ws'

/** A live engine answers a ping within milliseconds. */
const intervalMs = 2000
/** While nobody looks: each ping wakes two processes. */
const unattendedIntervalMs = 20_000
/** Unanswered pings after which the peer counts as silent: 4 to 6 seconds. */
const mostUnanswered = 2

/**
 * Pings the peer of an open `socket`, and reports when it stops answering and when it answers again. Pings
 * are counted, not timed, so that a suspension of this process is not taken for silence. `isAttended`:
 * somebody sees the result; `attend` is called when that begins.
 */
export function watchHeartbeat(
  socket: Pick<WebSocket, 'on' | 'once' | 'ping'>,
  onChange: (isSilent: boolean) => void,
  isAttended: () => boolean = () => true,
): { attend(): void } {
  let unanswered = 0
  let timer: NodeJS.Timeout | undefined
  const wait = () => {
    clearTimeout(timer)
    const isSlow = unanswered === 0 && !isAttended()
    timer = setTimeout(beat, isSlow ? unattendedIntervalMs : intervalMs)
  }
  const beat = () => {
    // A silent peer has pings to answer already, and more would fill its buffer.
    if (unanswered > mostUnanswered) return
    unanswered += 1
    if (unanswered > mostUnanswered) onChange(true)
    else socket.ping()
    wait()
  }
  socket.on('pong', () => {
    const wasSilent = unanswered > mostUnanswered
    unanswered = 0
    if (wasSilent) onChange(false)
    wait()
  })
  socket.once('close', () => clearTimeout(timer))
  wait()
  return { attend: wait }
}
