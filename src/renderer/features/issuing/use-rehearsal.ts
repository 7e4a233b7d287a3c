import { useEffect, useState } from 'react'
import type { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { Rehearsal } from '../../../contract/acme/acme-rehearsal.ts'
import { useClient, useConnection } from '../../connection/engine-context.tsx'
import { followStream } from '../../connection/live-query.ts'

/** State of the running or last rehearsal. */
export function useRehearsal(): { rehearsal: Rehearsal | null; problem: EdgekeepError | null } {
  const client = useClient()
  const connected = useConnection() === 'connected'
  const [rehearsal, setRehearsal] = useState<Rehearsal | null>(null)
  const [problem, setProblem] = useState<EdgekeepError | null>(null)
  useEffect(() => {
    if (!connected) return
    const ending = new AbortController()
    void followStream((signal) => client.acmeServer.watchRehearsal(undefined, { signal }), ending.signal, {
      next: (event) => {
        setRehearsal(event.rehearsal)
        setProblem(null)
      },
      failed: setProblem,
      ended: () => undefined,
    })
    return () => ending.abort()
  }, [client, connected])
  return { rehearsal, problem }
}
