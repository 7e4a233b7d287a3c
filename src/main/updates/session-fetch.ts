import type { Answer, Fetch } from './feed.ts'

/*
 * Threat: a server's response passes through here before its signature is verified. An exception in a
 * listener would reach only the app's handler for uncaught errors, so none of these may throw.
 */

/**
 * Fetches in a session of its own, in memory and without cookies, because the windows' session has no network
 * access. It uses Chromium's network stack with the system's proxy and trust. (`session.fetch` would do if
 * Electron has it.)
 */
export function sessionFetch({ net, session }: { net: Electron.Net; session: Sessions }): Fetch {
  return (url, { signal }) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const request = net.request({
        url,
        session: session.fromPartition('updates', { cache: false }),
        credentials: 'omit',
        redirect: 'follow',
      })
      const abort = () => {
        request.abort()
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', abort, { once: true })
      request.on('error', reject)
      request.on('response', (answer) => {
        const { statusCode: status } = answer
        resolve({ ok: status >= 200 && status < 300, status, body: bodyOf(request, answer, signal) })
      })
      request.end()
    })
}

type Sessions = Pick<typeof Electron.Session, 'fromPartition'>

/** Cancelling the body ends the request. */
function bodyOf(
  request: Electron.ClientRequest,
  answer: Electron.IncomingMessage,
  signal: AbortSignal,
): NonNullable<Answer['body']> {
  let ended = false
  return new ReadableStream<Uint8Array>({
    cancel() {
      ended = true
      request.abort()
    },
    start(controller) {
      const once = (end: () => void) => () => {
        if (!ended) end()
        ended = true
      }
      answer.on('data', (chunk) => {
        if (!ended) controller.enqueue(chunk)
      })
      const finish = once(() => controller.close())
      const fail = once(() => controller.error(signal.reason ?? new Error('the connection ended')))
      answer.on('end', finish)
      answer.on('error', fail)
      answer.on('aborted', fail)
      signal.addEventListener('abort', fail, { once: true })
    },
  })
}
