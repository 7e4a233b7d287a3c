import { Agent, request } from 'node:http'

export interface PacedLoad {
  /** Resolves with the answers per second. */
  stop(): Promise<number>
}

const everyMs = 10
/** Limit of concurrent requests: a busy machine sends fewer, and none is left over at the end. */
const mostUnanswered = 200

/** Sends requests at an even pace over kept connections, however slow the answers are. */
export function startPacedLoad(to: { port: number; host: string; perSecond: number }): PacedLoad {
  const { port, host, perSecond } = to
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  const started = performance.now()
  let [due, sent, answered, ended] = [0, 0, 0, 0]
  let failure: Error | null = null
  const send = (): void => {
    sent += 1
    const path = `/item/${sent % 400}?session=${sent}`
    request({ host: '127.0.0.1', port, path, headers: { host, accept: 'text/html' }, agent }, (response) => {
      answered += 1
      response.resume()
    })
      .once('error', (error) => (failure = error))
      .once('close', () => (ended += 1))
      .end()
  }
  const timer = setInterval(() => {
    const now = Math.floor(((performance.now() - started) / 1000) * perSecond)
    for (; due < now; due += 1) if (sent - ended < mostUnanswered) send()
  }, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      const seconds = (performance.now() - started) / 1000
      while (ended < sent) await new Promise((resolve) => setTimeout(resolve, 20))
      agent.destroy()
      if (failure) throw failure
      return Math.round(answered / seconds)
    },
  }
}
