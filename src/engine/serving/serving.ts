import { hash } from 'node:crypto'
import type { Outage } from '../../contract/domains/domains.ts'
import type { SnapshotDifference, SnapshotSource, KeysLeaving } from '../../edge/supervisor/editions.ts'
import {
  handshakeSettings,
  servingId,
  type HandshakeSettings,
} from '../../edge/protocol/handshake-settings.ts'
import type { Route, ServingCertificate, SnapshotHead, Staple } from '../../edge/protocol/snapshot.ts'
import type { Touched } from '../vault/vault.ts'
import { scheduleGc } from '../core/schedule-gc.ts'
import { keepsServing } from '../custody/locking.ts'
import type { ServingNeeds } from './needs.ts'
import { announce } from '../core/commit.ts'
import { unknownNameSuffixes } from '../certificates/authority-scope.ts'
import { freshPeriod } from '../renewal-schedule/renewal-times.ts'
import { renewalOf } from '../renewal-schedule/renewal-state.ts'
import { wildcardOver } from '../../pki/x509/host-names.ts'
import type { ServedRow } from '../trust/temporary-names.ts'

/** Snapshots of the vault's configuration for the workers. */
export function createServing(parts: ServingNeeds): SnapshotSource {
  let given: SentSnapshot | null = null
  const lent = new LentKeys(parts)
  const reader = parts.vault.touched.reader()

  /**
   * Takes the change notes before it reads rows, so that none is lost. A failure leads to a whole snapshot.
   */
  function advance(before: SentSnapshot | null): SnapshotDifference | null {
    given = null
    const touched = reader.take()
    const toCompare = before && !touched.others ? touched : 'everything'
    const next = before ?? new SentSnapshot(parts, lent)
    const difference = next.advance(toCompare)
    if (difference) given = next
    publishOutages(parts, next.outages())
    lent.compare(toCompare)
    return difference
  }

  function whole() {
    const difference = advance(null)
    if (!difference) throw new Error('Nothing was given, and yet it has changed.')
    return difference.change
  }
  return { whole, change: () => given && advance(given), leavingKeys: () => lent.takeLeaving() }
}

/** Updates the known outages and announces the domains whose outage changed. */
function publishOutages(parts: ServingNeeds, now: ReadonlyMap<string, Outage>): void {
  const { outages } = parts
  const names = new Set([...outages.keys(), ...now.keys()])
  const domains = [...names].filter((name) => outages.get(name) !== now.get(name))
  if (domains.length === 0) return
  outages.clear()
  for (const [name, why] of now) outages.set(name, why)
  announce(parts, { domains })
}

/** Certificates whose keys were sent to the workers, whether or not they are still served. */
class LentKeys {
  readonly #parts: ServingNeeds
  readonly #ids = new Set<string>()
  #leaving: KeysLeaving | null = null

  constructor(parts: ServingNeeds) {
    this.#parts = parts
  }

  add(certificateId: string): void {
    this.#ids.add(certificateId)
  }

  /** Notes removals from the vault, or all keys while it is locked. */
  compare(touched: Touched | 'everything'): void {
    const { protection, keys } = this.#parts.vault
    for (const id of touched === 'everything'
      ? this.#ids
      : [...touched.certificates, ...touched.usedCertificates]) {
      if (keys.has(id) || !this.#ids.delete(id)) continue
      this.#leaving ??= 'erased'
    }
    if (!protection.locked || keepsServing(this.#parts) || this.#ids.size === 0) return
    this.#ids.clear()
    this.#leaving = 'locked'
  }

  takeLeaving(): KeysLeaving | null {
    const leaving = this.#leaving
    this.#leaving = null
    return leaving
  }
}

/**
 * Fingerprints of everything sent to the workers, to compute the next difference. A key is opened only when
 * its certificate has to be sent. A key that does not open takes its domains off HTTPS, is logged, and is
 * retried with the next change: one damaged row must not keep the others from being served. While the vault
 * is locked no key opens. `outages` has the domains that are down, and the reason.
 */
class SentSnapshot {
  readonly #parts: ServingNeeds
  readonly #routes = new Map<string, { print: string; certificateId: string | null }>()
  readonly #certificates = new Map<string, { certificateId: string; print: string; users: number }>()
  /** Compared by identity: each response is an object of its own. */
  #staples: Record<string, Staple> = {}
  /** Domains with HTTPS on that lack a key. */
  readonly #unopened = new Set<string>()
  #wasLocked = false
  readonly #lent: LentKeys

  constructor(parts: ServingNeeds, lent: LentKeys) {
    this.#parts = parts
    this.#lent = lent
  }

  /** Returns the changes since the last call, which then count as sent. Null: a whole snapshot is needed. */
  advance(touched: Touched | 'everything'): SnapshotDifference | null {
    const { locked } = this.#parts.vault.protection
    const toCompare = locked === this.#wasLocked ? touched : 'everything'
    this.#wasLocked = locked
    if (this.#isChainReplaced(toCompare)) return null
    const difference = this.#emptyDifference()
    try {
      this.#compare(toCompare, difference)
      this.#compareStaples(difference)
    } catch (error) {
      for (const { leafKeyPem } of Object.values(difference.change.certificates)) leafKeyPem.fill(0)
      throw error
    }
    return difference
  }

  outages(): Map<string, Outage> {
    const why = this.#outage()
    return new Map([...this.#unopened].map((name) => [name, why]))
  }

  #outage(): Outage {
    return this.#wasLocked ? 'vault-locked' : 'key-unreadable'
  }

  #emptyDifference(): SnapshotDifference {
    const routes = { routes: [], removedRoutes: [] }
    const certificates = { certificates: {}, removedCertificates: [] }
    const staples = { staples: {}, removedStaples: [] }
    return { change: { ...headOf(this.#parts), ...routes, ...certificates, ...staples }, endsSessions: false }
  }

  #compare(touched: Touched | 'everything', difference: SnapshotDifference): void {
    const released = new Set<string>()
    for (const [name, row] of this.#rowsOf(touched)) {
      const before = this.#routes.get(name)
      const certificateId = this.#certificateFor(name, row, difference)
      if (before?.certificateId) {
        this.#release(before.certificateId, released)
        difference.endsSessions ||= before.certificateId !== certificateId
      }
      const outage = this.#unopened.has(name) ? this.#outage() : null
      const standIn = row?.standIn ?? this.#parts.standIns.get(name)
      this.#compareRoute(name, row && { ...routeOf(row, certificateId, outage), standIn }, difference)
    }
    for (const id of released) {
      if (this.#certificates.get(id)?.users !== 0) continue
      this.#certificates.delete(id)
      difference.change.removedCertificates.push(id)
    }
  }

  *#rowsOf(touched: Touched | 'everything'): Iterable<[name: string, row: ServedRow | undefined]> {
    const { temporaryNames, vault } = this.#parts
    const { domains } = vault
    const freeRow = (row: ServedRow | undefined) =>
      row?.standIn && domains.get(wildcardOver(row.name)) ? undefined : row
    const come = temporaryNames.takeTouched()
    if (touched !== 'everything') {
      // A wildcard takes names from their pages.
      const isWider = touched.domains.some((name) => name.startsWith('*.'))
      const pages = isWider ? temporaryNames.rows().map(({ name }) => name) : []
      for (const name of new Set([...touched.domains, ...this.#unopened, ...come, ...pages]))
        yield [name, domains.get(name) ?? freeRow(temporaryNames.get(name))]
      return
    }
    const gone = new Set(this.#routes.keys())
    const free = temporaryNames.rows().filter(({ name }) => domains.get(name) === undefined)
    for (const row of [...domains.list(), ...free.flatMap((each) => freeRow(each) ?? [])]) {
      gone.delete(row.name)
      yield [row.name, row]
    }
    for (const name of gone) yield [name, undefined]
  }

  #compareRoute(name: string, route: Route | undefined, { change }: SnapshotDifference): void {
    if (!route) {
      if (this.#routes.delete(name)) change.removedRoutes.push(name)
      return
    }
    const print = printOf(JSON.stringify(route))
    if (this.#routes.get(name)?.print === print) return
    this.#routes.set(name, { print, certificateId: route.certificateId })
    change.routes.push(route)
  }

  #compareStaples({ change }: SnapshotDifference): void {
    const before = this.#staples
    this.#staples = this.#parts.stapling?.staples() ?? {}
    for (const [leaf, staple] of Object.entries(this.#staples))
      if (before[leaf] !== staple) change.staples[leaf] = staple
    change.removedStaples.push(...Object.keys(before).filter((leaf) => !Object.hasOwn(this.#staples, leaf)))
  }

  /** Returns the id of a row's certificate in the snapshot and counts the user; null without a key. */
  #certificateFor(name: string, row: ServedRow | undefined, { change }: SnapshotDifference): string | null {
    this.#unopened.delete(name)
    const wanted = row?.httpsState === 'on' ? row.certificateId : null
    if (!row || wanted === null) return null
    const id = this.#hold(wanted, handshakeSettings(row.policies.tls), change.certificates)
    if (id === null && !row.standIn) this.#unopened.add(name)
    return id
  }

  #hold(
    certificateId: string,
    handshake: HandshakeSettings,
    opened: Record<string, ServingCertificate>,
  ): string | null {
    if (this.#parts.vault.protection.locked) return null
    const id = servingId(certificateId, handshake)
    const known = this.#certificates.get(id)
    if (known) {
      known.users += 1
      return id
    }
    const certificate = openCertificate(this.#parts, certificateId)
    if (!certificate) return null
    opened[id] = { ...certificate, handshake }
    if (!this.#parts.temporaryNames.certificate(certificateId)) this.#lent.add(certificateId)
    this.#certificates.set(id, { certificateId, print: printOf(certificate.chainPem), users: 1 })
    return id
  }

  #release(id: string, released: Set<string>): void {
    const entry = this.#certificates.get(id)
    if (!entry) return
    entry.users -= 1
    released.add(id)
  }

  /** Detects a replaced chain, which no operation makes; undetected, the old one would be served on. */
  #isChainReplaced(touched: Touched | 'everything'): boolean {
    const { certificates } = this.#parts.vault
    const ids = touched === 'everything' ? null : new Set(touched.certificates)
    if (ids?.size === 0) return false
    for (const { certificateId, print } of this.#certificates.values()) {
      const row = ids === null || ids.has(certificateId) ? certificates.get(certificateId) : undefined
      if (row && print !== printOf(row.chainPem)) return true
    }
    return false
  }
}

function headOf({ vault, supervisor, folder, challenges, published }: ServingNeeds): SnapshotHead {
  const status = supervisor?.status()
  return {
    version: vault.configurationVersion(),
    publicPorts: { https: status?.https?.port ?? 443, http: status?.http?.port ?? 80 },
    extraOriginAnchors: vault.authority.list().map(({ certificatePem }) => certificatePem),
    vaultFolder: folder,
    challenges: challenges.shown(),
    unknownSuffixes: unknownNameSuffixes({ vault }),
    published: [...published].map(([address, { domains, absence }]) => ({
      address,
      domains: [...domains],
      absence,
    })),
  }
}

function routeOf(row: ServedRow, certificateId: string | null, outage: Outage | null): Route {
  const { name, redirect, origin, policies } = row
  return { domain: name, certificateId, outage, redirect, origin, policies }
}

function printOf(text: string): string {
  return hash('sha256', text, 'base64')
}

function openCertificate(
  { vault, log, temporaryNames }: ServingNeeds,
  id: string,
): Omit<ServingCertificate, 'handshake'> | undefined {
  const passes = temporaryNames.certificate(id)
  if (passes) return { chainPem: passes.chainPem, leafKeyPem: Buffer.from(passes.keyPem.bytes) }
  const row = vault.certificates.get(id)
  if (!row) return undefined
  try {
    scheduleGc()
    const leafKeyPem = vault.keys.withKey(id, (key) => Buffer.from(key))
    const isLocal = renewalOf(row, vault.renewals.get(id))?.method.by === 'local'
    return { chainPem: row.chainPem, leafKeyPem, ...(isLocal && { fresh: freshPeriod(row) }) }
  } catch (error) {
    log.error({ err: error, certificate: row.name }, 'Key unreadable, HTTPS of its domains stopped')
    return undefined
  }
}
