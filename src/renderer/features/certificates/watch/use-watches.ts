import { useCallback, useEffect, useState } from 'react'
import type { Client } from '../../../../client/client.ts'
import type { Watch, WatchedServer } from '../../../../contract/watch/watch.ts'
import { hostInUrl } from '../../../../domain/ip-address.ts'
import { parseServer } from '../../../../domain/server-address.ts'
import { useConnection, useEngineStatus } from '../../../connection/engine-context.tsx'
import { type Call, useCall } from '../../../ui/feedback/feedback.tsx'

export interface Watches {
  /** Null until known. */
  watches: Watch[] | null
  call: Call
  read: () => Promise<void>
  /** Asks the servers now, or all. */
  check: (servers?: WatchedServer[]) => Promise<void>
  /** Address of the servers that are asked: one, or null for all. */
  asking: string | null | undefined
}

export function useWatches(): Watches {
  const connected = useConnection() === 'connected'
  // Every change produces a new status object; its fields do not matter.
  const status = useEngineStatus((state) => state.value)
  const call = useCall()
  const { run } = call
  const [watches, setWatches] = useState<Watch[] | null>(null)
  const [asking, setAsking] = useState<string | null | undefined>(undefined)
  const read = useCallback(async () => {
    const listed = await run((client) => client.watch.list())
    if (listed) setWatches(listed)
  }, [run])
  useEffect(() => {
    if (connected) void read()
  }, [connected, read, status])
  const check = async (servers?: WatchedServer[]) => {
    const [only] = servers ?? []
    setAsking(only ? addressOf(only) : null)
    await run((client) => client.watch.check(servers ? { servers } : {}))
    setAsking(undefined)
    await read()
  }
  return { watches, call, read, check, asking }
}

export function addWatches(
  { watch }: Client,
  input: { servers: WatchedServer[]; everyMinutes: number },
): Promise<Watch[]> {
  return watch.add(input)
}

export function removeWatch({ watch }: Client, { host, port }: WatchedServer): Promise<unknown> {
  return watch.remove({ host, port })
}

/** `shop.example`, or with its port if that is not 443. */
export function addressOf({ host, port }: WatchedServer): string {
  return port === 443 ? host : `${hostInUrl(host)}:${port}`
}

/** Servers of a text, one a line; empty lines and comments (`#`) are skipped. */
export function serversIn(text: string): { servers: WatchedServer[]; wrong: string[] } {
  const lines = text.split('\n').map((line) => line.trim())
  const written = lines.filter((line) => line !== '' && !line.startsWith('#'))
  const parsed = written.map((line) => ({ line, server: parseServer(line) }))
  return {
    servers: parsed.flatMap(({ server }) => server ?? []),
    wrong: parsed.flatMap(({ line, server }) => (server ? [] : [line.slice(0, 80)])),
  }
}
