import { parentPort, workerData } from 'node:worker_threads'
import { setTimeout as pause } from 'node:timers/promises'
import { oneVisit } from '../../test/support/publish/one-visit.ts'

/**
 * Visitors of several servers, one lane each: a new connection for one of the names, every 200 ms, in a thread of their
 * own. Each message "report" is answered with what came since the last.
 */
const { servers, names } = workerData as { servers: string[]; names: string[] }
const betweenMs = 200

export interface Visited {
  answered: number
  /** Reasons, by server. */
  failed: Record<string, string[]>
}

let visited: Visited = { answered: 0, failed: {} }
for (const host of servers) void lane(host)
parentPort?.on('message', () => {
  parentPort?.postMessage(visited)
  visited = { answered: 0, failed: {} }
})

async function lane(host: string): Promise<never> {
  for (let at = 0; ; at += 1) {
    const failure = await oneVisit({ host, port: 443 }, names[(at * 37) % names.length] ?? '')
    if (failure === null) visited.answered += 1
    else (visited.failed[host] ??= []).push(failure)
    await pause(betweenMs)
  }
}
