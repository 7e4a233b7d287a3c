import { useEffect, useState } from 'react'
import type { ListedProject } from '../../../../contract/develop/projects.ts'
import { useConnection, useEngineStatus } from '../../../connection/engine-context.tsx'
import { type Call, useCall } from '../../../ui/feedback/feedback.tsx'

/** Projects, null until known; read again after every change. */
export function useProjects(): { projects: ListedProject[] | null; call: Call } {
  const connected = useConnection() === 'connected'
  // Every change produces a new status object; its fields do not matter.
  const status = useEngineStatus((state) => state.value)
  const call = useCall()
  const { run } = call
  const [projects, setProjects] = useState<ListedProject[] | null>(null)
  useEffect(() => {
    if (!connected) return
    void run((client) => client.projects.list()).then((listed) => listed && setProjects(listed))
  }, [connected, run, status])
  return { projects, call }
}
