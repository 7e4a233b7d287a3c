import { useEffect, useState } from 'react'
import type { EdgekeepError } from '../../../../contract/errors/registry.ts'
import type { RenewalCalendar } from '../../../../contract/issuing/renewal-calendar.ts'
import { useCertificates, useClient, useConnection } from '../../../connection/engine-context.tsx'
import { useCall } from '../../../ui/feedback/feedback.tsx'

const settledMs = 200

/** Renewal calendar, reloaded when the vault's certificates change. */
export function useCalendar(months: number): {
  calendar: RenewalCalendar | null
  error: EdgekeepError | null
} {
  const client = useClient()
  const connected = useConnection() === 'connected'
  const certificates = useCertificates((state) => state.items)
  const { run, error } = useCall()
  const [calendar, setCalendar] = useState<RenewalCalendar | null>(null)
  useEffect(() => {
    if (!connected) return
    let isCurrent = true
    const read = async () => {
      const answer = await run(() => client.renewal.calendar({ months }))
      if (answer && isCurrent) setCalendar(answer)
    }
    // Debounced: renewing a thousand certificates changes the list a thousand times.
    const timer = setTimeout(() => void read(), settledMs)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [client, run, months, connected, certificates])
  return { calendar, error }
}
