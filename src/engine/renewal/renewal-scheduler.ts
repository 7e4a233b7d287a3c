import { setImmediate as otherWork } from 'node:timers/promises'
import type { RenewalNeeds } from './needs.ts'
import type { Renewed } from '../../contract/issuing/renewal.ts'
import { askWindows, type RenewalCandidate } from './renewal-windows.ts'
import { regularLook } from '../core/regular-look.ts'
import { isDue, renewalOf } from '../renewal-schedule/renewal-state.ts'
import { isFresh } from '../renewal-schedule/renewal-times.ts'
import { renewOne, type RenewOptions } from './renew-one.ts'

const lookEveryMs = 30_000
/** Concurrent orders. */
const acmeAtOnce = 3

export type RenewalScheduler = ReturnType<typeof createRenewalScheduler>

/**
 * Compares times with the clock instead of using timers: the computer may sleep, or its clock may be set.
 * Pauses while the vault is locked; unlocking triggers a check.
 */
export function createRenewalScheduler(parts: RenewalNeeds) {
  const { vault, log } = parts
  const running = new Map<string, Promise<Renewed>>()
  /** Renews all that is due; a look ends when every attempt has. */
  const {
    look,
    signal: ending,
    close,
  } = regularLook({ log, failure: 'Renewal check failed', everyMs: lookEveryMs }, renewDue)

  /** Renews one certificate; concurrent calls share the result. */
  function renew(id: string, options: RenewOptions = {}): Promise<Renewed> {
    const known = running.get(id)
    if (known) return known
    const signal = options.signal ? AbortSignal.any([options.signal, ending]) : ending
    const done = renewOne(parts, id, { ...options, signal }).finally(() => running.delete(id))
    running.set(id, done)
    return done
  }

  /** An unresponsive authority does not delay local certificates. */
  async function renewDue(): Promise<void> {
    if (vault.protection.locked) return
    await Promise.all([renewLocally(), renewByAcme()])
  }

  async function renewLocally(): Promise<void> {
    for (const id of dueCertificates(parts, 'local')) {
      if (!mayGoOn()) return
      await renew(id)
      // Each takes a few milliseconds of this thread, and there may be a thousand.
      await otherWork()
    }
  }

  async function renewByAcme(): Promise<void> {
    await otherWork()
    await askWindows(parts, candidates(parts), { mayGoOn, signal: ending })
    if (!mayGoOn()) return
    const due = dueCertificates(parts, 'acme')
    const lane = async () => {
      for (let next = due.shift(); next !== undefined && mayGoOn(); next = due.shift()) await renew(next)
    }
    await Promise.all(Array.from({ length: acmeAtOnce }, lane))
  }

  function mayGoOn(): boolean {
    return !ending.aborted && !vault.protection.locked
  }

  /** A handshake for the domain awaits a fresh certificate. */
  function freshen(domain: string): void {
    const id = vault.domains.get(domain)?.certificateId
    const row = id ? vault.certificates.get(id) : undefined
    if (!id || !row || isFresh(row, parts.clock()) || vault.protection.locked) return
    renew(id).catch((error: unknown) => log.error({ err: error, domain }, 'Renewal on demand failed'))
  }

  return { look, renew, freshen, close }
}

/** Certificates in use or kept that renew automatically. */
export function candidates(parts: RenewalNeeds): RenewalCandidate[] {
  const { vault } = parts
  const renewals = new Map(vault.renewals.list().map((row) => [row.certificateId, row]))
  const used = new Set(vault.domains.list().map(({ certificateId }) => certificateId))
  return vault.certificates.list().flatMap((row) => {
    const renewal = row.kept || used.has(row.id) ? renewalOf(row, renewals.get(row.id)) : undefined
    return renewal ? [{ row, renewal }] : []
  })
}

function dueCertificates(parts: RenewalNeeds, by: 'local' | 'acme'): string[] {
  const now = parts.clock()
  return candidates(parts).flatMap(({ row, renewal }) =>
    renewal.method.by === by && isDue(row, renewal, now) ? [row.id] : [],
  )
}
