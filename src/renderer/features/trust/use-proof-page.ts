import { useCallback, useEffect, useState } from 'react'
import type { ProofPageEvent } from '../../../contract/trust/trust.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { type Call, useCall } from '../../ui/feedback/feedback.tsx'

type EventOf<T extends ProofPageEvent['type']> = Extract<ProofPageEvent, { type: T }>

export interface ProofPage {
  call: Call
  page: EventOf<'page'> | null
  opened: EventOf<'opened'> | null
  outcome: EventOf<'outcome'> | null
  /** Restarts with a new URL. */
  again: () => void
}

/** Probe page that waits for a browser while mounted, and its result. */
export function useProofPage(): ProofPage {
  const client = useClient()
  const call = useCall()
  const { run } = call
  const [attempt, setAttempt] = useState(1)
  const [events, setEvents] = useState<ProofPageEvent[]>([])
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    setEvents([])
    void run(async () => {
      try {
        for await (const event of await client.trust.provePage(undefined, { signal }))
          if (!signal.aborted) setEvents((before) => [...before, event])
      } catch (error) {
        if (!signal.aborted) throw error
      }
    })
    return () => controller.abort()
  }, [client, run, attempt])
  const again = useCallback(() => setAttempt((before) => before + 1), [])
  return {
    call,
    again,
    page: events.find((event) => event.type === 'page') ?? null,
    opened: events.find((event) => event.type === 'opened') ?? null,
    outcome: events.find((event) => event.type === 'outcome') ?? null,
  }
}
