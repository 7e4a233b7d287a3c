import { createContext, use, type ReactNode } from 'react'
import { useStore } from 'zustand'
import type { Client } from '../../client/client.ts'
import type { CertificateSummary, Domain } from '../../contract/domains/domains.ts'
import type { EngineStatus } from '../../contract/engine/engine-status.ts'
import type { UsageToday } from '../../contract/usage/usage.ts'
import type { EngineLink } from './engine-link.ts'
import type { LiveState, LiveValue } from './live-query.ts'
import type { Connection } from './reconnecting-frames.ts'

const EngineContext = createContext<EngineLink | null>(null)

export function EngineProvider({ link, children }: { link: EngineLink; children: ReactNode }) {
  return <EngineContext value={link}>{children}</EngineContext>
}

export function useEngineLink(): EngineLink {
  const link = use(EngineContext)
  if (!link) throw new Error('There is no EngineProvider above this component.')
  return link
}

/** The engine's typed client; the same object for the life of the window. */
export function useClient(): Client {
  return useEngineLink().client
}

export function useConnection(): Connection {
  return useStore(useEngineLink().connection)
}

export function useDomains<S>(select: (state: LiveState<Domain>) => S): S {
  return useStore(useEngineLink().domains, select)
}

export function useCertificates<S>(select: (state: LiveState<CertificateSummary>) => S): S {
  return useStore(useEngineLink().certificates, select)
}

export function useEngineStatus<S>(select: (state: LiveValue<EngineStatus>) => S): S {
  return useStore(useEngineLink().status, select)
}

/** True while the engine is connected. Otherwise the window shows the last known state. */
export function useEngineAnswers(): boolean {
  const connection = useConnection()
  const isCurrent = useEngineStatus(({ status, problem }) => status !== 'stale' && problem === null)
  return isCurrent && connection !== 'lost' && connection !== 'ended'
}

export function useTodaysUsage<S>(select: (state: LiveState<UsageToday>) => S): S {
  return useStore(useEngineLink().usage, select)
}
