import type { Visitor } from './visitor.ts'

export interface Load {
  /** Ends the load and returns its counts; `byCertificate` counts responses by fingerprint. */
  stop(): Promise<{ requests: number; failed: number; byCertificate: Map<string, number> }>
}

/** Sends requests without a pause, half on keep-alive connections, half on new ones. */
export function startLoad(visitor: Visitor, host: string, expectedBody: string): Load {
  const byCertificate = new Map<string, number>()
  let running = true
  let requests = 0
  let failed = 0
  const keepAliveAgent = visitor.agent(host)
  const visit = async (agent: typeof keepAliveAgent | undefined) => {
    while (running) {
      requests += 1
      const seen = await visitor.get(host, agent).catch(() => undefined)
      if (seen?.status !== 200 || seen.body !== expectedBody) failed += 1
      else byCertificate.set(seen.fingerprint, (byCertificate.get(seen.fingerprint) ?? 0) + 1)
    }
  }
  const visitors = Promise.all([
    visit(keepAliveAgent),
    visit(keepAliveAgent),
    visit(undefined),
    visit(undefined),
  ])
  return {
    async stop() {
      running = false
      await visitors
      keepAliveAgent.destroy()
      return { requests, failed, byCertificate }
    },
  }
}
