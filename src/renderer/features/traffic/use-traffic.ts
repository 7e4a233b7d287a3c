import { useEffect, useMemo, useState } from 'react'
import type { StoreApi } from 'zustand/vanilla'
import { useClient, useConnection } from '../../connection/engine-context.tsx'
import { keepFollowing } from '../../connection/live-query.ts'
import { createTrafficMirror, type TrafficState } from './traffic.ts'
import type { TrafficRow } from '../../../contract/traffic/traffic.ts'
import { create } from 'zustand'

/** Traffic while mounted; without a subscriber the edge records nothing. */
export function useTraffic(reveal: boolean): StoreApi<TrafficState> {
  const client = useClient()
  const connected = useConnection() === 'connected'
  const mirror = useMemo(() => createTrafficMirror(client.traffic), [client])
  useEffect(() => {
    if (!connected) return undefined
    const controller = new AbortController()
    void keepFollowing((signal) => mirror.follow(reveal, signal), controller.signal)
    return () => controller.abort()
  }, [mirror, reveal, connected])
  return mirror.store
}

export interface PausableRows {
  /** Current rows, or those at the time of the pause. */
  shown: readonly TrafficRow[]
  pause: 'no' | 'paused' | 'looking'
  /** Pauses while the user points at the list, focuses it, or has scrolled down. */
  setLooking(looking: boolean): void
  /** Number of rows since the pause. */
  fresh: number
}

/** A list that pauses by button, or while the user looks closely. */
export function usePausableRows(rows: readonly TrafficRow[]): PausableRows {
  const paused = useTrafficPause((state) => state.paused)
  const [looking, setLooking] = useState(false)
  const still = paused || looking
  const [frozen, setFrozen] = useState<readonly TrafficRow[] | null>(null)
  if (still && frozen === null) setFrozen(rows)
  if (!still && frozen !== null) setFrozen(null)
  // Rows that were cleared, or masked again by a new subscription, also leave the paused list.
  const newest = rows.at(-1)
  const first = rows[0]
  const lastFrozen = frozen?.at(-1)
  if (frozen && lastFrozen && (!first || first.id > lastFrozen.id)) setFrozen(rows)
  const shown = (still && frozen) || rows
  const fresh = lastFrozen && newest ? newest.id - lastFrozen.id : 0
  return {
    shown,
    pause: paused ? 'paused' : looking ? 'looking' : 'no',
    setLooking,
    fresh: still ? Math.max(0, fresh) : 0,
  }
}

interface TrafficPause {
  /** Paused by the button. */
  paused: boolean
  setPaused(paused: boolean): void
}

export const useTrafficPause = create<TrafficPause>((set) => ({
  paused: false,
  setPaused: (paused) => set({ paused }),
}))
