import type { Rehearsal, RehearsalPlan } from '../../../contract/acme/acme-rehearsal.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { AcmeServerSettings, AcmeServerState } from '../../../contract/acme/acme-server.ts'
import { identifiesUsers } from '../../../platform/listeners/peer-user.ts'
import { type AcmeListener, listenForAcme } from './listener.ts'
import type { Behaviour } from './behaviour.ts'
import type { AcmeParts } from './request.ts'
import { AcmeServer } from './server.ts'
import type { IssuingParts } from '../../local-authority/generations.ts'
import { ensureAuthority, signLocally } from '../../local-authority/local-authority.ts'
import type { Log } from '../../core/log.ts'
import { acmeServerSettings } from '../../core/settings.ts'
import { createOwnCertificate } from './own-certificate.ts'
import { createRehearsals } from './rehearsals.ts'
import { createRevocationTrail, type RevocationTrail } from './revocation-trail.ts'
import { gcAtEnd, scheduleGc } from '../../core/schedule-gc.ts'
import { publishingAfter } from '../../core/live.ts'

const lookEveryMs = 60_000

/** Names that are validated only at the edge, with the edge's ports. */
export type ServedNames = Pick<AcmeParts, 'servedAmong' | 'edgePorts'>

/** Runs the ACME server on the local authority while the engine runs and the setting is on. */
export interface AcmeKeeper {
  state(): AcmeServerState
  /** Starts, changes or stops the server by its settings. Never throws; `state` has the reason. */
  followSettings(): Promise<void>
  /**
   * Starts a rehearsal from the next request on.
   * @throws `acme_server.not_running`
   */
  rehearse(plan: RehearsalPlan): Rehearsal
  rehearsal(): Rehearsal | null
  /** Yields the present rehearsal, then each change. */
  watchRehearsal(signal: AbortSignal | undefined): AsyncGenerator<Rehearsal | null>
  stopRehearsal(): Rehearsal | null
  /** Discards the orders of an ended or removed account. */
  forgetAccount(id: string): void
  close(): Promise<void>
}

export function createAcmeKeeper(of: {
  issuing: IssuingParts
  log: Log
  /** True for the engine that serves, false for one that a command opened for itself. */
  runs: boolean
  revoked: () => void
  /** Signals possible changes to accounts, orders or certificates. */
  changed: () => void
  served: ServedNames
}): AcmeKeeper {
  const { issuing, log, runs } = of
  const { vault, clock } = issuing
  let listener: AcmeListener | null = null
  let problem: string | null = null
  let renewing: Promise<void> | null = null
  const own = createOwnCertificate(issuing)
  const rehearsals = createRehearsals(clock)
  const settings = () => acmeServerSettings.read(vault)
  const failed = (error: unknown) => log.error({ err: error }, 'The ACME server failed')
  const { revoked, changed, served } = of
  const trail = createRevocationTrail({ vault, clock, failed })
  const server = serverOf({
    issuing,
    behaviour: rehearsals.behaviour,
    trail,
    revoked,
    changed,
    served,
    failed,
  })

  async function start({ port }: AcmeServerSettings): Promise<void> {
    const { chainPem, keyPem } = await own.issue()
    using _gc = gcAtEnd()
    using key = keyPem
    listener = await listenForAcme({
      server,
      behaviour: rehearsals.behaviour,
      port,
      certificate: { chainPem, keyPem: key.bytes },
      beforeHandshake: renewDue,
      failed,
    })
  }

  async function stop(): Promise<void> {
    await listener?.close()
    listener = null
  }

  async function follow(): Promise<void> {
    const wanted = settings()
    problem = null
    if (listener && (!wanted.enabled || listener.port !== wanted.port)) await stop()
    if (listener || !wanted.enabled || !runs) return
    try {
      if (vault.protection.locked) problem = 'The vault is locked; it starts when that is unlocked.'
      else await start(wanted)
    } catch (error) {
      problem = problemOf(error, wanted.port)
      log.error({ err: error }, 'The ACME server does not start')
    }
  }

  async function renew(): Promise<void> {
    const { chainPem, keyPem } = await own.issue()
    using _gc = gcAtEnd()
    using key = keyPem
    listener?.setCertificate({ chainPem, keyPem: key.bytes })
  }

  async function renewDue(): Promise<void> {
    if (!listener || vault.protection.locked || !own.isDue()) return
    renewing ??= renew().finally(() => (renewing = null))
    await renewing
  }
  const renewals = setInterval(() => void renewDue().catch(failed), lookEveryMs).unref()

  return {
    state: () => ({
      settings: settings(),
      directory: listener && `https://localhost:${listener.port}/directory`,
      problem,
      identifiesUsers,
    }),
    followSettings: publishingAfter(follow, changed),
    rehearse(plan) {
      if (!listener) throw new EdgekeepError('acme_server.not_running', {})
      return rehearsals.start(plan)
    },
    rehearsal: rehearsals.report,
    watchRehearsal: rehearsals.watch,
    stopRehearsal: rehearsals.stop,
    forgetAccount: (id) => server.forgetAccount(id),
    async close() {
      clearInterval(renewals)
      rehearsals.stop()
      await stop()
      trail.close()
    },
  }
}

function serverOf(of: {
  issuing: IssuingParts
  behaviour: () => Behaviour
  trail: RevocationTrail
  revoked: () => void
  changed: () => void
  served: ServedNames
  failed: (error: unknown) => void
}): AcmeServer {
  const { issuing, behaviour, trail, revoked, changed, served, failed } = of
  const { vault, clock } = issuing
  return new AcmeServer({
    vault,
    clock,
    behaviour,
    settings: () => {
      const {
        httpPort: http,
        tlsPort: tls,
        dnsPort: dns,
        waived,
        requireBinding,
      } = acmeServerSettings.read(vault)
      return { ports: { http, tls, dns }, waived, requireBinding }
    },
    ...served,
    sign: async (wanted, accountId) => {
      const chainPem = await signLocally(issuing, wanted, { source: 'acme', accountId })
      scheduleGc()
      return chainPem
    },
    revoke: (row, reason) => {
      trail.revoke(row, reason)
      revoked()
    },
    issuer: async () => (await ensureAuthority(issuing)).intermediatePem ?? '',
    changed,
    failed,
  })
}

function problemOf(error: unknown, port: number): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return `Port ${port} is in use by another program.`
  if (code === 'EACCES') return `Port ${port} is one that this user may not listen on.`
  return `It cannot listen on port ${port} (${code ?? 'see the log'}).`
}
