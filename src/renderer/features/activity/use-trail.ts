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
import { namesInTrail, type Names } from './entry.ts'
import { createTrail, type Trail } from './trail.ts'

const trails = new WeakMap<Client, Trail>()

/** The window's trail, read once a window and kept up with every change the engine tells of. */
export function useTrail(): Trail {
  const client = useClient()
  const connected = useConnection() === 'connected'
  // Each change makes a new status; which of its fields moved does not matter.
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

/** What things are called: certificates that are gone by what the trail last called them. */
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
