import { oneVisit } from './one-visit.ts'

export interface Visits {
  answered: number
  failed: string[]
  stop(): Promise<void>
}

interface VisitedServer {
  address: string
  httpsPort: number
}

const visitors = 4

/** Visitors who ask for `name` over a new connection each time, until they are stopped. */
export function visit({ address, httpsPort }: VisitedServer, name: string): Visits {
  const visits: Visits = { answered: 0, failed: [], stop }
  let isOver = false
  const lanes = Array.from({ length: visitors }, async () => {
    while (!isOver) {
      const failure = await oneVisit({ host: address, port: httpsPort }, name)
      if (failure === null) visits.answered += 1
      else visits.failed.push(failure)
    }
  })
  async function stop(): Promise<void> {
    isOver = true
    await Promise.all(lanes)
  }
  return visits
}
