import { request } from 'node:https'
import { parentPort, workerData } from 'node:worker_threads'

/** Clients in a thread of their own that request one domain after the other until stopped. */
const { port, names } = workerData as { port: number; names: string[] }

const seen = { answered: 0, failed: 0, slowestMs: 0 }
let isDone = false

async function visitor(first: number): Promise<void> {
  for (let at = first; !isDone; at = (at + 7) % names.length) {
    const began = performance.now()
    if (await ask(names[at] as string)) seen.answered += 1
    else seen.failed += 1
    seen.slowestMs = Math.max(seen.slowestMs, performance.now() - began)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function ask(servername: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const options = { host: '127.0.0.1', port, servername, rejectUnauthorized: false, agent: false }
  const sent = request({ ...options, headers: { host: servername } }, (response) => {
    response.resume()
    response.on('end', () => resolve(response.statusCode === 200))
  })
  sent.on('error', () => resolve(false))
  sent.end()
  return promise
}

const visitors = [visitor(0), visitor(1)]
parentPort?.once('message', () => {
  isDone = true
  void Promise.all(visitors).then(() => parentPort?.postMessage(seen))
})
