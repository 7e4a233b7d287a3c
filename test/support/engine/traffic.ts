import type { Client } from '../../../src/client/client.ts'
import type {
  ExchangeRow,
  RefusedRow,
  TrafficEvent,
  TrafficRow,
} from '../../../src/contract/traffic/traffic.ts'

export interface TrafficWatch {
  /** All that was told so far, oldest first. */
  rows: TrafficRow[]
  notShown: number
  /** The first exchange that fits, once it has come. */
  exchange(fits: (row: ExchangeRow) => boolean): Promise<ExchangeRow>
  refused(fits?: (row: RefusedRow) => boolean): Promise<RefusedRow>
  close(): Promise<void>
}

/** Looks at traffic as the window does. Resolves once the workers have been told. */
export async function watchTraffic(
  client: Client,
  look: { reveal?: boolean; domain?: string } = {},
): Promise<TrafficWatch> {
  const controller = new AbortController()
  const stream = await client.traffic.watch(look, { signal: controller.signal })
  const iterator = stream[Symbol.asyncIterator]()
  const watch = { rows: [] as TrafficRow[], notShown: 0 }
  const take = (event: TrafficEvent) => {
    if (event.type === 'cleared') watch.rows.length = 0
    else watch.rows.push(...event.rows)
    if (event.type === 'rows') watch.notShown += event.notShown
  }
  take((await iterator.next()).value as TrafficEvent)
  const pump = (async () => {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) take(next.value)
  })().catch((error: unknown) => {
    if (!controller.signal.aborted) throw error
  })
  // The message to the workers travels beside the first requests.
  await new Promise((resolve) => setTimeout(resolve, 50))
  const find = async <R extends TrafficRow>(fits: (row: TrafficRow) => row is R): Promise<R> => {
    const until = Date.now() + 5_000
    for (;;) {
      const found = watch.rows.find(fits)
      if (found) return found
      if (Date.now() > until) throw new Error(`it never came; there were ${JSON.stringify(watch.rows)}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  return {
    get rows() {
      return watch.rows
    },
    get notShown() {
      return watch.notShown
    },
    exchange: (fits) => find((row): row is ExchangeRow => row.kind === 'exchange' && fits(row)),
    refused: (fits = () => true) => find((row): row is RefusedRow => row.kind === 'refused' && fits(row)),
    async close() {
      controller.abort()
      await pump
    },
  }
}
