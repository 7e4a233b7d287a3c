import { type RevocationServer, startRevocationServer } from './revocation-server.ts'
import type { Log } from '../core/log.ts'
import { PortListener } from '../core/port-listener.ts'
import type { Vault } from '../vault/vault.ts'
import { scheduleGc } from '../core/schedule-gc.ts'
import { publishingAfter } from '../core/live.ts'
import { revocationPort } from '../core/settings.ts'

/** Publishes revocations of the local authority while the engine runs and the setting is on. */
export type Publication = ReturnType<typeof createPublication>

/** `runs`: true for the engine that serves, false for one that a command opened for itself. */
export function createPublication(of: {
  vault: Vault
  clock: () => Date
  log: Log
  runs: boolean
  /** Signals a possible change of state. */
  changed: () => void
}) {
  const { vault, clock, log, runs, changed } = of
  const listener = new PortListener<RevocationServer>(log, 'The revocation service')
  const { failed } = listener
  const follow = () =>
    listener.follow(runs ? revocationPort.read(vault) : null, (port) =>
      startRevocationServer({ vault, clock, port, afterSigning: scheduleGc, failed }),
    )

  return {
    state: () => ({
      port: revocationPort.read(vault),
      address: listener.current && `http://127.0.0.1:${listener.port}`,
      problem: listener.problem,
    }),
    publishedOf: (spki: string) => listener.current?.publishedOf(spki) ?? null,
    changed: () => listener.current?.changed(),
    /** Starts or stops the service by its setting. Never throws; `state` has the reason of a failure. */
    followSetting: publishingAfter(follow, changed),
    close: () => listener.close(),
  }
}
