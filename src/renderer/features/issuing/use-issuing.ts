import { useCallback, useEffect, useRef, useState } from 'react'
import type { AcmeAccount, AcmeBinding, AcmeServerState } from '../../../contract/acme/acme-server.ts'
import type { DnsMethod } from '../../../contract/acme/acme.ts'
import type { Issued } from '../../../contract/issuing/issuing.ts'
import type {
  RevocationService,
  WaitingRequest,
} from '../../../contract/local-authority/local-certificates.ts'
import { useClient, useConnection } from '../../connection/engine-context.tsx'
import { followStream, keepFollowing } from '../../connection/live-query.ts'
import { type Call, useCall } from '../../ui/feedback/feedback.tsx'

export interface Rows<T> {
  rows: T[]
  hasMore: boolean
}

export interface Shown {
  issued: Rows<Issued>
  requests: WaitingRequest[]
  service: RevocationService
  acme: AcmeServerState
  accounts: Rows<AcmeAccount>
  bindings: AcmeBinding[]
  /** DNS methods for certificates from other authorities. */
  methods: DnsMethod[]
}

export interface Issuing {
  shown: Shown | null
  call: Call
  read: () => Promise<void>
  showMore: (list: LongList) => void
}

export type LongList = 'issued' | 'accounts'

const firstRows = 20
const moreRows = 100
const pageRows = 500

async function readRows<T>(
  count: number,
  read: (page: { limit: number; after?: number }) => Promise<{ rows: T[]; next: number | null }>,
): Promise<Rows<T>> {
  const rows: T[] = []
  let next: number | null = null
  do {
    const limit = Math.min(pageRows, count - rows.length)
    const page: { rows: T[]; next: number | null } = await read(
      next === null ? { limit } : { limit, after: next },
    )
    rows.push(...page.rows)
    next = page.next
  } while (next !== null && rows.length < count)
  return { rows, hasMore: next !== null }
}

/** Minimum interval between reloads: renewing a thousand certificates causes a thousand changes. */
const restMs = 500

/** Throttle with leading and trailing call. Once `signal` aborts, no further call is made. */
export function throttled(act: () => void, signal: AbortSignal): () => void {
  let state: 'ready' | 'resting' | 'called' = 'ready'
  const run = () => {
    state = 'resting'
    act()
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      if (state === 'called') run()
      else state = 'ready'
    }, restMs)
    const stop = () => clearTimeout(timer)
    signal.addEventListener('abort', stop, { once: true })
  }
  return () => {
    if (state === 'ready') run()
    else state = 'called'
  }
}

export function useIssuing(): Issuing {
  const client = useClient()
  const connected = useConnection() === 'connected'
  const call = useCall()
  const { run } = call
  const [shown, setShown] = useState<Shown | null>(null)
  const counts = useRef<Record<LongList, number>>({ issued: firstRows, accounts: firstRows })
  const read = useCallback(async () => {
    const { localCertificates, acmeServer } = client
    const answer = await run(() =>
      Promise.all([
        readRows(counts.current.issued, async (page) => {
          const { issued: rows, next } = await localCertificates.issued(page)
          return { rows, next }
        }),
        localCertificates.requests(),
        localCertificates.revocationService(),
        acmeServer.state(),
        readRows(counts.current.accounts, async (page) => {
          const { accounts: rows, next } = await acmeServer.accounts(page)
          return { rows, next }
        }),
        acmeServer.bindings(),
        client.acme.dnsMethods(),
      ]),
    )
    if (!answer) return
    const [issued, requests, service, acme, accounts, bindings, methods] = answer
    setShown({ issued, requests, service, acme, accounts, bindings, methods })
  }, [client, run])
  useEffect(() => {
    if (!connected) return
    const ending = new AbortController()
    const next = throttled(() => void read(), ending.signal)
    // `read` reports the error itself.
    const sink = { next, failed: next, ended: () => undefined }
    const watch = (signal: AbortSignal) => client.localCertificates.watch(undefined, { signal })
    void keepFollowing((signal) => followStream(watch, signal, sink), ending.signal)
    return () => ending.abort()
  }, [client, connected, read])
  const showMore = (list: LongList) => {
    counts.current[list] += moreRows
    void read()
  }
  return { shown, call, read, showMore }
}
