import { useEffect, useMemo } from 'react'
import { useStore } from 'zustand'
import type { Client } from '../../../client/client.ts'
import {
  useCertificates,
  useClient,
  useConnection,
  useDomains,
  useEngineStatus,
} from '../../connection/engine-context.tsx'
import { createListView } from '../../ui/views/list-view.ts'
import { namesInTrail, type Names } from './entry.ts'
import { createTrail, type Trail } from './trail.ts'

const trails = new WeakMap<Client, Trail>()

/** The window's shared trail, refreshed after every change that the engine reports. */
export function useTrail(): Trail {
  const client = useClient()
  const connected = useConnection() === 'connected'
  // Every change produces a new status object; its fields do not matter.
  const status = useEngineStatus((state) => state.value)
  const trail = trailOf(client)
  useEffect(() => {
    if (connected) void trail.refresh()
  }, [trail, connected, status])
  return trail
}

function trailOf(client: Client): Trail {
  const known = trails.get(client)
  if (known) return known
  const trail = createTrail(client.audit)
  trails.set(client, trail)
  return trail
}

/** Display names; deleted certificates by their last name in the trail. */
export function useNames(trail: Trail): Names {
  const rows = useStore(trail.store, (state) => state.rows)
  const certificates = useCertificates((state) => state.items)
  const domains = useDomains((state) => state.items)
  return useMemo(() => {
    const names = namesInTrail(rows)
    for (const { id, name } of certificates) names.set(id, name)
    for (const { name, displayName } of domains) names.set(name, displayName)
    return names
  }, [rows, certificates, domains])
}

export const activityView = createListView<{ search: string }>({
  page: '/activity',
  whole: { search: '' },
  values: {},
})
