import { useEffect, useState } from 'react'
import { useClient } from '../../connection/engine-context.tsx'
import { createStagingSession, type StagingSession } from './staging-session.ts'

/** Staging session that is discarded when its component unmounts; with `domain`, files are checked against it. */
export function useStagingSession(domain?: string): StagingSession {
  const client = useClient()
  const [session] = useState(() => createStagingSession(client.staging, domain))
  useEffect(() => () => void session.discard(), [session])
  return session
}
