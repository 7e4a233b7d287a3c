import { useCallback, useEffect, useState } from 'react'
import type { Rehearsal } from '../../../contract/acme-rehearsal.ts'
import type { AcmeAccount, AcmeServerState } from '../../../contract/acme-server.ts'
import type { Issued } from '../../../contract/issuing.ts'
import type { RevocationService, WaitingRequest } from '../../../contract/local-certificates.ts'
import { useClient, useConnection } from '../../engine/engine-context.tsx'
import { type Call, useCall } from '../../ui/use-call.ts'

export interface Shown {
  issued: Issued[]
  requests: WaitingRequest[]
  service: RevocationService
  acme: AcmeServerState
  accounts: AcmeAccount[]
  rehearsal: Rehearsal | null
}

export interface Issuing {
  shown: Shown | null
  call: Call
  read: () => Promise<void>
}

const whileRehearsingMs = 1000

/** What the local authority has issued and offers, as it was last read; a rehearsal is followed while it runs. */
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
        acmeServer.rehearsal(),
      ]),
    )
    if (!answer) return
    const [issued, requests, service, acme, accounts, rehearsal] = answer
    setShown({ issued, requests, service, acme, accounts, rehearsal })
  }, [client, run])
  useEffect(() => {
    if (connected) void read()
  }, [connected, read])
  const rehearses = shown?.rehearsal?.ended === false
  useEffect(() => {
    if (!rehearses) return
    const timer = setInterval(() => void read(), whileRehearsingMs)
    return () => clearInterval(timer)
  }, [rehearses, read])
  return { shown, call, read }
}
