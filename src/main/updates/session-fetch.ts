import type { ElectronApi } from '../electron-api.ts'
import type { Answer, Fetch } from './feed.ts'

/*
 * Threat: whatever the server answers comes here before any signature is looked at. An exception in a listener
 * would reach nobody but the last resort of the app, so that none of these may throw.
 */

/**
 * Asks over a session of its own, in memory and without cookies: that of the windows reaches no network. It is
 * Chromium's, with the system's proxy and trust. (`session.fetch` would do, where Electron has it.)
 */
export function sessionFetch({ net, session }: Pick<ElectronApi, 'net' | 'session'>): Fetch {
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

/** Who stops reading ends the request. */
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
      answer.on(
        'end',
        once(() => controller.close()),
      )
      answer.on(
        'error',
        once(() => controller.error(new Error('the connection ended'))),
      )
      answer.on(
        'aborted',
        once(() => controller.error(signal.reason ?? new Error('the connection ended'))),
      )
      signal.addEventListener(
        'abort',
        once(() => controller.error(signal.reason)),
        { once: true },
      )
    },
  })
}
