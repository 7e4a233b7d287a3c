import { useEffect } from 'react'
import { useStore } from 'zustand'
import type { Client } from '../../../client/client.ts'
import {
  useClient,
  useConnection,
  useEngineStatus,
  useTodaysUsage,
} from '../../connection/engine-context.tsx'
import { useNow } from '../../ui/primitives/window-clock.ts'
import { createUsage, type Usage, type UsageState } from './usage-state.ts'

const usages = new WeakMap<Client, Usage>()

/** The window's shared usage, reloaded on new numbers from the engine and as time passes. */
export function useUsage(): Usage {
  const client = useClient()
  const connected = useConnection() === 'connected'
  const today = useTodaysUsage((state) => state.items)
  const now = useNow()
  // The price is part of the configuration.
  const version = useEngineStatus((state) => state.value?.configuration.version)
  const usage = usageOf(client)
  useEffect(() => {
    if (!connected) return
    // Debounced: changes of one moment arrive domain by domain.
    const timer = setTimeout(() => void usage.refresh(), 50)
    return () => clearTimeout(timer)
  }, [usage, connected, today, now, version])
  return usage
}

export function useUsageState<S>(usage: Usage, select: (state: UsageState) => S): S {
  return useStore(usage.store, select)
}

function usageOf(client: Client): Usage {
  const known = usages.get(client)
  if (known) return known
  const usage = createUsage(client.usage)
  usages.set(client, usage)
  return usage
}
