import type { RevocationService } from '../../contract/local-authority/local-certificates.ts'
import { type RevocationServer, startRevocationServer } from './revocation-server.ts'
import type { Published } from '../../pki/issue/leaf.ts'
import type { Log } from '../core/log.ts'
import type { Vault } from '../vault/vault.ts'
import { scheduleGc } from '../core/schedule-gc.ts'
import { publishingAfter } from '../core/live.ts'
import { revocationPort } from '../core/settings.ts'

/** Publishes revocations of the local authority while the engine runs and the setting is on. */
export interface Publication {
  state(): RevocationService
  publishedOf(issuerSpkiSha256: string): Published | null
  changed(): void
  /** Starts or stops the service by its setting. Never throws; `state` has the reason of a failure. */
  followSetting(): Promise<void>
  close(): Promise<void>
}

/** `runs`: true for the engine that serves, false for one that a command opened for itself. */
export function createPublication(of: {
  vault: Vault
  clock: () => Date
  log: Log
  runs: boolean
  /** Signals a possible change of state. */
  changed: () => void
}): Publication {
  const { vault, clock, log, runs, changed } = of
  let server: RevocationServer | null = null
  let problem: string | null = null

  async function follow(): Promise<void> {
    const port = revocationPort.read(vault)
    problem = null
    if (server?.port === port) return
    await server?.close()
    server = null
    if (port === null || !runs) return
    const failed = (error: unknown) => log.error({ err: error }, 'The revocation service failed')
    try {
      server = await startRevocationServer({ vault, clock, port, afterSigning: scheduleGc, failed })
    } catch (error) {
      problem = problemOf(error, port)
      log.error({ err: error }, 'The revocation service does not start')
    }
  }

  return {
    state: () => ({
      port: revocationPort.read(vault),
      address: server && `http://127.0.0.1:${server.port}`,
      problem,
    }),
    publishedOf: (spki) => server?.publishedOf(spki) ?? null,
    changed: () => server?.changed(),
    followSetting: publishingAfter(follow, changed),
    async close() {
      await server?.close()
      server = null
    },
  }
}

function problemOf(error: unknown, port: number): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return `Port ${port} is in use by another program.`
  if (code === 'EACCES') return `Port ${port} is one that this user may not listen on.`
  return `It cannot listen on port ${port} (${code ?? 'unknown error'}).`
}
