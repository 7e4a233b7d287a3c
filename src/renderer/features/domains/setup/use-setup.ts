import { useCallback, useEffect, useRef, useState } from 'react'
import type { NameReport } from '../../../../contract/names/names.ts'
import type { SetupSelection } from '../../../../contract/trust/setup.ts'
import type { TrustClient, TrustOutcome, TrustPlan } from '../../../../contract/trust/trust.ts'
import { useClient } from '../../../connection/engine-context.tsx'
import { type Call, useCall } from '../../../ui/feedback/feedback.tsx'

export interface Setup {
  call: Call
  plan: TrustPlan | null
  /** Null before the start. */
  outcomes: TrustOutcome[] | null
  clients: TrustClient[]
  /** The running step or client. */
  current: { title: string; isProof: boolean } | null
  /** Final resolution of the name; null until known. */
  report: NameReport | null
  begin: () => Promise<void>
  stop: () => void
}

/** Plans the steps to a trusted padlock, applies them after confirmation and verifies the result. */
export function useSetup(domain: string): Setup {
  const client = useClient()
  const call = useCall()
  const { run } = call
  const [plan, setPlan] = useState<TrustPlan | null>(null)
  const [outcomes, setOutcomes] = useState<TrustOutcome[] | null>(null)
  const [clients, setClients] = useState<TrustClient[]>([])
  const [current, setCurrent] = useState<Setup['current']>(null)
  const [report, setReport] = useState<NameReport | null>(null)
  const running = useRef<AbortController | null>(null)

  useEffect(() => {
    void run(() => client.setup.plan(selectionOf(domain))).then((answer) => answer && setPlan(answer))
    return () => running.current?.abort()
  }, [client, run, domain])

  const begin = useCallback(async () => {
    const controller = (running.current = new AbortController())
    const { signal } = controller
    setOutcomes([])
    setClients([])
    setReport(null)
    await run(async () => {
      try {
        const how = { plan: plan?.id, elevation: 'ask' as const }
        for await (const event of await client.setup.apply({ ...selectionOf(domain), ...how }, { signal }))
          if (event.type === 'step') setCurrent({ title: event.title, isProof: false })
          else setOutcomes((before) => [...(before ?? []), event.outcome])
        for await (const event of await client.trust.prove({}, { signal }))
          if (event.type === 'step') setCurrent({ title: event.title, isProof: true })
          else setClients((before) => [...before, event.client])
        const { names } = await client.names.status({ domains: [domain] })
        setReport(names[0] ?? null)
      } catch (error) {
        if (!signal.aborted) throw error
      } finally {
        setCurrent(null)
      }
    })
  }, [client, run, plan, domain])

  return { call, plan, outcomes, clients, current, report, begin, stop: () => running.current?.abort() }
}

function selectionOf(domain: string): SetupSelection {
  return { action: 'install', parts: ['https', 'trust', 'names', 'ports'], domains: [domain] }
}
