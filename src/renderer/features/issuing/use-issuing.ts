import { useCallback, useEffect, useState } from 'react'
import type { AcmeAccount, AcmeBinding, AcmeServerState } from '../../../contract/acme-server.ts'
import type { DnsMethod } from '../../../contract/acme.ts'
import type { Issued } from '../../../contract/issuing.ts'
import type { RevocationService, WaitingRequest } from '../../../contract/local-certificates.ts'
import { useClient, useConnection } from '../../engine/engine-context.tsx'
import { followStream } from '../../engine/live-query.ts'
import { type Call, useCall } from '../../ui/use-call.ts'

export interface Shown {
  issued: Issued[]
  requests: WaitingRequest[]
  service: RevocationService
  acme: AcmeServerState
  accounts: AcmeAccount[]
  bindings: AcmeBinding[]
  /** The ways to set TXT records for authorities of others. */
  methods: DnsMethod[]
}

export interface Issuing {
  shown: Shown | null
  call: Call
  read: () => Promise<void>
}

/** A thousand certificates that are renewed are a thousand changes. */
const restMs = 500

/** Runs `act` at once, and for all calls within the next `restMs` once more after them. */
function throttled(act: () => void): () => void {
  let state: 'ready' | 'resting' | 'called' = 'ready'
  const run = () => {
    state = 'resting'
    act()
    setTimeout(() => {
      if (state === 'called') run()
      else state = 'ready'
    }, restMs)
  }
  return () => {
    if (state === 'ready') run()
    else state = 'called'
  }
}

/** What the local authority has issued and offers, read again after every change. */
export function useIssuing(): Issuing {
  const client = useClient()
  const connected = useConnection() === 'connected'
  const call = useCall()
  const { run } = call
  const [shown, setShown] = useState<Shown | null>(null)
  const read = useCallback(async () => {
    const { localCertificates, acmeServer } = client
    const answer = await run(() =>
      Promise.all([
        localCertificates.issued(),
        localCertificates.requests(),
        localCertificates.revocationService(),
        acmeServer.state(),
        acmeServer.accounts(),
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
    const next = throttled(() => void read())
    void followStream((signal) => client.localCertificates.watch(undefined, { signal }), ending.signal, {
      next,
      // What cannot be read is told by the reading itself.
      failed: next,
      ended: () => undefined,
    })
    return () => ending.abort()
  }, [client, connected, read])
  return { shown, call, read }
}
