import { useCallback, useEffect, useState } from 'react'
import type { ListedContainer } from '../../../../contract/containers/containers.ts'
import { useClient, useConnection, useEngineStatus } from '../../../connection/engine-context.tsx'
import { useLookAgain } from '../../../ui/primitives/look-again.ts'

/** Running containers; none where they cannot be read. Read again after every change, and at intervals. */
export function useContainers(): ListedContainer[] {
  const isConnected = useConnection() === 'connected'
  const client = useClient()
  // Every change produces a new status object; its fields do not matter.
  const status = useEngineStatus((state) => state.value)
  const [containers, setContainers] = useState<ListedContainer[]>([])
  const read = useCallback(() => {
    if (!isConnected) return
    client.containers.list().then(
      (listed) => setContainers(listed ?? []),
      () => setContainers([]),
    )
  }, [client, isConnected])
  useEffect(read, [read, status])
  useLookAgain(read)
  return containers
}
