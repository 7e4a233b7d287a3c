import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { findingKey } from '../../../../domain/finding-key.ts'
import type { Finding } from '../../../../contract/findings/findings.ts'
import { useConnection, useClient } from '../../../connection/engine-context.tsx'
import { createLiveQuery, type LiveState } from '../../../connection/live-query.ts'

export function useFindings(domain: string): LiveState<Finding> {
  const client = useClient()
  const connection = useConnection()
  const [query] = useState(() =>
    createLiveQuery<Finding>({
      watch: (signal) => client.findings.watch({ domain }, { signal }),
      keyOf: findingKey,
    }),
  )
  useEffect(() => {
    if (connection !== 'connected') return
    const controller = new AbortController()
    void query.follow(controller.signal)
    return () => controller.abort()
  }, [query, connection])
  return useStore(query.store)
}
