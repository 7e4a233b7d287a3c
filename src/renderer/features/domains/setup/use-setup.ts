import { useCallback, useEffect, useRef, useState } from 'react'
import type { NameReport } from '../../../../contract/names/names.ts'
import type { SetupSelection } from '../../../../contract/trust/setup.ts'
import type { PrivateCure, TrustClient, TrustOutcome, TrustPlan } from '../../../../contract/trust/trust.ts'
import { greenness, type Greenness, runnableClients } from '../../../../domain/green-browsers.ts'
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
  /** Whether the browsers accept the domain; null until they were run. */
  result: Greenness | null
  /** Resolution of a name that is not green; null until known. */
  report: NameReport | null
  /** Plans anew with a cure for a private authority; `root` is the file with its root. */
  choose: (cure: PrivateCure, root?: File) => void
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
  const [result, setResult] = useState<Greenness | null>(null)
  const [report, setReport] = useState<NameReport | null>(null)
  const [selection, setSelection] = useState(() => selectionOf(domain))
  const running = useRef<AbortController | null>(null)

  useEffect(() => {
    void run(() => client.setup.plan(selection)).then((answer) => answer && setPlan(answer))
    return () => running.current?.abort()
  }, [client, run, selection])

  const begin = useCallback(async () => {
    const controller = (running.current = new AbortController())
    const { signal } = controller
    setOutcomes([])
    setClients([])
    setResult(null)
    setReport(null)
    const prove = async (ids: string[]) => {
      const tried: TrustClient[] = []
      const events = await client.setup.prove({ domain, clients: ids }, { signal })
      for await (const event of events)
        if (event.type === 'step') setCurrent({ title: event.title, isProof: true })
        else {
          tried.push(event.client)
          setClients((before) => [...before, event.client])
        }
      return tried
    }
    await run(async () => {
      try {
        const how = { plan: plan?.id, elevation: 'ask' as const }
        for await (const event of await client.setup.apply({ ...selection, ...how }, { signal }))
          if (event.type === 'step') setCurrent({ title: event.title, isProof: false })
          else setOutcomes((before) => [...(before ?? []), event.outcome])
        const { browsers, others } = runnableClients((await client.trust.status()).clients)
        const found = greenness(await prove(browsers.length > 0 ? browsers : others))
        setResult(found)
        if (found.state === 'green') {
          if (browsers.length > 0 && others.length > 0) await prove(others)
          return
        }
        const { names } = await client.names.status({ domains: [domain] }, { signal })
        setReport(names[0] ?? null)
      } catch (error) {
        if (!signal.aborted) throw error
      } finally {
        setCurrent(null)
      }
    })
  }, [client, run, plan, selection, domain])

  const stop = () => running.current?.abort()
  const choose = (cure: PrivateCure, root?: File) => setSelection((before) => ({ ...before, cure, root }))
  return { call, plan, outcomes, clients, current, result, report, choose, begin, stop }
}

function selectionOf(domain: string): SetupSelection {
  return { action: 'install', parts: ['https', 'trust', 'names', 'ports'], domains: [domain] }
}
