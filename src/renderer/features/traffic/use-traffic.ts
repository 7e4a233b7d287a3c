import { useEffect, useMemo } from 'react'
import type { StoreApi } from 'zustand/vanilla'
import { useClient, useConnection } from '../../connection/engine-context.tsx'
import { createTrafficMirror, type TrafficState } from './traffic.ts'

const followAgainMs = 2000

/** Traffic while mounted; without a subscriber the edge records nothing. */
export function useTraffic(reveal: boolean): StoreApi<TrafficState> {
  const client = useClient()
  const connected = useConnection() === 'connected'
  const mirror = useMemo(() => createTrafficMirror(client.traffic), [client])
  useEffect(() => {
    if (!connected) return undefined
    const controller = new AbortController()
    const { signal } = controller
    const follow = async () => {
      while (!signal.aborted) {
        await mirror.follow(reveal, signal)
        if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, followAgainMs))
      }
    }
    void follow()
    return () => controller.abort()
  }, [mirror, reveal, connected])
  return mirror.store
}
