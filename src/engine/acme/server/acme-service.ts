import type { RehearsalPlan } from '../../../contract/acme/acme-rehearsal.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { identifiesUsers } from '../../../platform/listeners/peer-user.ts'
import { type AcmeListener, listenForAcme } from './listener.ts'
import type { Behaviour } from './behaviour.ts'
import type { AcmeParts } from './request.ts'
import { AcmeServer } from './server.ts'
import type { IssuingParts } from '../../local-authority/generations.ts'
import { ensureAuthority, signLocally } from '../../local-authority/local-authority.ts'
import type { Log } from '../../core/log.ts'
import { PortListener } from '../../core/port-listener.ts'
import { acmeServerSettings } from '../../core/settings.ts'
import { createOwnCertificate } from './own-certificate.ts'
import { createRehearsals } from './rehearsal.ts'
import { createRevocationTrail, type RevocationTrail } from './revocation-trail.ts'
import { gcAtEnd, scheduleGc } from '../../core/schedule-gc.ts'
import { publishingAfter } from '../../core/live.ts'

const lookEveryMs = 60_000

/** Names that are validated only at the edge, with the edge's ports. */
export type ServedNames = Pick<AcmeParts, 'servedAmong' | 'edgePorts'>

/** Runs the ACME server on the local authority while the engine runs and the setting is on. */
export type AcmeService = ReturnType<typeof createAcmeService>

export function createAcmeService(of: {
  issuing: IssuingParts
  log: Log
  /** True for the engine that serves, false for one that a command opened for itself. */
  runs: boolean
  revoked: () => void
  /** Signals possible changes to accounts, orders or certificates. */
  changed: () => void
  served: ServedNames
}) {
  const { issuing, log, runs } = of
  const { vault, clock } = issuing
  const listener = new PortListener<AcmeListener>(log, 'The ACME server')
  let renewing: Promise<void> | null = null
  const own = createOwnCertificate(issuing)
  const rehearsals = createRehearsals(clock)
  const settings = () => acmeServerSettings.read(vault)
  const { failed } = listener
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

  async function start(port: number): Promise<AcmeListener> {
    const { chainPem, keyPem } = await own.issue()
    using _gc = gcAtEnd()
    using key = keyPem
    return await listenForAcme({
      server,
      behaviour: rehearsals.behaviour,
      port,
      certificate: { chainPem, keyPem: key.bytes },
      beforeHandshake: renewDue,
      failed,
    })
  }

  async function follow(): Promise<void> {
    const { enabled, port } = settings()
    const isLocked = enabled && runs && vault.protection.locked && listener.port !== port
    await listener.follow(enabled && runs && !isLocked ? port : null, start)
    if (isLocked) listener.problem = 'The vault is locked; it starts when that is unlocked.'
  }

  async function renew(): Promise<void> {
    const { chainPem, keyPem } = await own.issue()
    using _gc = gcAtEnd()
    using key = keyPem
    listener.current?.setCertificate({ chainPem, keyPem: key.bytes })
  }

  async function renewDue(): Promise<void> {
    if (!listener.current || vault.protection.locked || !own.isDue()) return
    renewing ??= renew().finally(() => (renewing = null))
    await renewing
  }
  const renewals = setInterval(() => void renewDue().catch(failed), lookEveryMs).unref()

  return {
    state: () => ({
      settings: settings(),
      directory: listener.current && `https://localhost:${listener.port}/directory`,
      problem: listener.problem,
      identifiesUsers,
    }),
    /** Starts, changes or stops the server by its settings. Never throws; `state` has the reason. */
    followSettings: publishingAfter(follow, changed),
    /**
     * Starts a rehearsal from the next request on.
     * @throws `acme_server.not_running`
     */
    rehearse(plan: RehearsalPlan) {
      if (!listener.current) throw new EdgekeepError('acme_server.not_running', {})
      return rehearsals.start(plan)
    },
    rehearsal: rehearsals.report,
    /** Yields the present rehearsal, then each change. */
    watchRehearsal: rehearsals.watch,
    stopRehearsal: rehearsals.stop,
    /** Discards the orders of an ended or removed account. */
    forgetAccount: (id: string) => server.forgetAccount(id),
    async close() {
      clearInterval(renewals)
      rehearsals.stop()
      await listener.close()
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
