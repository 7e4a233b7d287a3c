import { Agent, request } from 'node:http'

export interface PacedLoad {
  /** Resolves with how many were answered each second. */
  stop(): Promise<number>
}

const everyMs = 10

/** Requests at an even pace over connections that are kept, whatever the answers take. */
export function startPacedLoad(to: { port: number; host: string; perSecond: number }): PacedLoad {
  const { port, host, perSecond } = to
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  const started = performance.now()
  let sent = 0
  let answered = 0
  let failed: Error | null = null
  const send = (): void => {
    sent += 1
    const path = `/item/${sent % 400}?session=${sent}`
    request({ host: '127.0.0.1', port, path, headers: { host, accept: 'text/html' }, agent }, (response) => {
      answered += 1
      response.resume()
    })
      .once('error', (error) => (failed = error))
      .end()
  }
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - started) / 1000) * perSecond)
    while (sent < due) send()
  }, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      const seconds = (performance.now() - started) / 1000
      await new Promise((resolve) => setTimeout(resolve, 200))
      agent.destroy()
      if (failed && answered === 0) throw failed
      return Math.round(answered / seconds)
    },
  }
}
