import { useState } from 'react'
import type { TrafficRow } from '../../../contract/traffic.ts'
import { useTrafficView } from './view-store.ts'

export interface PausableRows {
  /** The rows to show: those there are, or those there were when the list was held. */
  shown: readonly TrafficRow[]
  held: 'no' | 'paused' | 'looking'
  /** Whether a person points at the list, has gone into it, or has scrolled away from its top. */
  setHeld(looking: boolean): void
  /** How many rows came since. */
  fresh: number
}

/** A list that stands still while a person reads it: paused by a button, or by looking closely. */
export function usePausableRows(rows: readonly TrafficRow[]): PausableRows {
  const paused = useTrafficView((state) => state.paused)
  const [looking, setHeld] = useState(false)
  const still = paused || looking
  const [frozen, setFrozen] = useState<readonly TrafficRow[] | null>(null)
  if (still && frozen === null) setFrozen(rows)
  if (!still && frozen !== null) setFrozen(null)
  // What was cleared is gone from what stands still, too, and so is what another look has masked.
  const newest = rows.at(-1)
  const first = rows[0]
  const lastFrozen = frozen?.at(-1)
  if (frozen && lastFrozen && (!first || first.id > lastFrozen.id)) setFrozen(rows)
  const shown = (still && frozen) || rows
  const fresh = lastFrozen && newest ? newest.id - lastFrozen.id : 0
  return {
    shown,
    held: paused ? 'paused' : looking ? 'looking' : 'no',
    setHeld,
    fresh: still ? Math.max(0, fresh) : 0,
  }
}
