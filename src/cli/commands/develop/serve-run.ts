import { setTimeout as delay } from 'node:timers/promises'
import type { Run, ServeInput } from '../../../contract/develop/runs.ts'
import type { Origin } from '../../../contract/domains/domains.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { asEdgekeepError, type Client } from '../../../client/client.ts'
import { connectEngine } from '../../../engine-process/connect.ts'
import type { Home } from '../../../engine-process/home.ts'

export interface ServedRun {
  run: Run
  client(): Client
  /** Null: the server listens no longer; `status` is its exit status once it has ended. */
  point(origin: Origin | null, status?: number): Promise<void>
  /** Removes the domain. */
  end(): Promise<void>
}

const againAfterMs = 250

/**
 * Serves a development server, and again after a restart of the engine, until `end`. `onMoved` gets each later
 * address, after the edge moved to other ports.
 * @throws the errors of `runs.serve`
 */
export async function serveRun(
  home: Home,
  input: ServeInput,
  onMoved: (run: Run) => void,
): Promise<ServedRun> {
  let { origin, listens } = input
  let isEnded = false
  const follow = (moved: Run) => {
    run.address = moved.address
    onMoved(moved)
  }
  let current = await open(home, input, follow)
  const { run } = current

  async function keep(): Promise<void> {
    while (!isEnded) {
      await current.lost
      await delay(againAfterMs, undefined, { ref: false })
      // Without an engine, the next round tries again.
      if (!isEnded)
        current = await open(home, { ...input, names: [run.domain], origin, listens }, follow).catch(
          () => current,
        )
      if (current.run.address !== run.address) follow(current.run)
    }
  }
  void keep()

  return {
    run,
    client: () => current.client,
    async point(next, status) {
      listens = next !== null
      origin = next ?? origin
      // After a loss of the engine, the next round serves the new one.
      await current.client.runs.point({ domain: run.domain, origin, listens, status }).catch(() => undefined)
    },
    async end() {
      isEnded = true
      await current.client.domains.remove({ domain: run.domain }).catch(() => undefined)
      await current.close()
    },
  }
}

/** Variables for trust in the local authority, and the running servers of a checkout. */
export async function trustAndSiblings({ trust, runs }: Client, project: string) {
  const [{ variables }, all] = await Promise.all([trust.env(), runs.list()])
  return { trust: variables, siblings: all.filter((run) => run.project === project) }
}

async function open(home: Home, input: ServeInput, follow: (moved: Run) => void) {
  const connection = await connectEngine(home)
  if (!connection) throw new EdgekeepError('edge.not_running', {})
  const { client, close } = connection
  try {
    const events = await client.runs.serve(input)
    const { value, done } = await events.next()
    if (done) throw new EdgekeepError('edge.not_running', {})
    const lost = (async () => {
      for await (const moved of events) follow(moved)
    })().catch(() => undefined)
    return { client, run: value, lost, close }
  } catch (error) {
    await close()
    throw asEdgekeepError(error)
  }
}
