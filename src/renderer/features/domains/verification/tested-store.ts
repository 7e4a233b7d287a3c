import { useCallback, useEffect, useRef } from 'react'
import { create } from 'zustand'
import type { Client } from '../../../../client/client.ts'
import type { Domain } from '../../../../contract/domains/domains.ts'
import type { TestedDomain } from '../../../../contract/trust/setup.ts'
import type { TrustClient } from '../../../../contract/trust/trust.ts'
import { greenness, type Greenness } from '../../../../domain/green-browsers.ts'
import { useClient, useEngineAnswers } from '../../../connection/engine-context.tsx'
import { useLookAgain } from '../../../ui/primitives/look-again.ts'

interface Tested {
  /** Clients that were run against each domain, with their present state. */
  clients: ReadonlyMap<string, TrustClient[]>
}

const useTested = create<Tested>(() => ({ clients: new Map() }))

async function readTested(client: Pick<Client, 'setup'>, signal: AbortSignal): Promise<void> {
  // Without an answer nothing is known, which is what the window then shows.
  const found = await client.setup.tested({}, { signal }).catch((): TestedDomain[] => [])
  if (signal.aborted) return
  useTested.setState({ clients: new Map(found.map(({ domain, clients }) => [domain, clients])) })
}

/** Reads the state of the clients anew whenever `when` changes, and as `useLookAgain` does. */
export function useReadTested(when: unknown): void {
  const client = useClient()
  const answers = useEngineAnswers()
  const reading = useRef<AbortController | null>(null)
  const read = useCallback(() => {
    reading.current?.abort()
    if (!answers) return
    const controller = (reading.current = new AbortController())
    void readTested(client, controller.signal).finally(() => {
      if (reading.current === controller) reading.current = null
    })
  }, [client, answers])
  const readUnlessReading = useCallback(() => {
    if (reading.current === null) read()
  }, [read])
  useEffect(() => {
    read()
    return () => reading.current?.abort()
  }, [read, when])
  useLookAgain(readUnlessReading)
}

export interface DomainGreenness extends Greenness {
  /** Time of the last test; null without one. */
  at: string | null
}

const noClients: TrustClient[] = []

/** Whether browsers accept a domain, by their last tests; unknown while HTTPS is not served. */
export function useGreenness({ name, https }: Domain): DomainGreenness {
  const tested = useTested((state) => state.clients.get(name) ?? noClients)
  const answers = useEngineAnswers()
  const isServed = answers && https.state === 'on' && https.outage === null
  const times = tested.flatMap(({ proof }) => (proof ? [proof.at] : []))
  return { ...greenness(isServed ? tested : noClients), at: times.toSorted().at(-1) ?? null }
}
