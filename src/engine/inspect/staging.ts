import { randomUUID } from 'node:crypto'
import { type UptimeTimer, uptimeTimer } from '../../clock/uptime-timer.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { Staged } from '../../contract/certificates/staging.ts'
import { type InputFile, type Intake, openIntake, type ServableMaterial } from '../../pki/intake/intake.ts'
import type { KeyWorkOptions } from '../../pki/formats/key-work.ts'
import { unlockIntake } from '../../pki/intake/opening.ts'
import { gcAtEnd, scheduleGc } from '../core/schedule-gc.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import { hostNamesOf, swapImpact } from '../../domain/covered-names.ts'
import { withRequestedKey } from '../certificates/requested-key.ts'
import type { Core } from '../core/core.ts'
import { verifyChain } from '../certificates/verdicts.ts'

/** Lifetime of staged files without a decision. */
const holdMs = 15 * 60_000
/** More dialogs than any person has open; beyond it the oldest entry is dropped. */
const maxStaged = 20

interface StagedUpload {
  intake: Intake
  domain: string | undefined
  timer: UptimeTimer
}

/**
 * Staged uploads. Key bytes enter the engine once and stay in memory only; every exit (saved, discarded,
 * expired, closed) zeroes them.
 */
export interface Staging {
  /** @throws `vault.locked`: nothing is staged that could not be stored */
  open(files: InputFile[], domain?: string): Staged
  add(stagingId: string, files: InputFile[]): Staged
  remove(stagingId: string, file: string): Staged
  unlock(stagingId: string, pieceId: string, passphrase: string, work?: KeyWorkOptions): Promise<Staged>
  /**
   * Lends the servable certificate to `use`, then zeroes it.
   * @throws the reason why nothing can be served
   */
  borrow<T>(stagingId: string, use: (material: ServableMaterial) => Promise<T>): Promise<T>
  /**
   * Like `borrow`, and ends the staging once `use` has succeeded; a failure leaves it for another attempt.
   */
  spend<T>(stagingId: string, use: (material: ServableMaterial) => Promise<T>): Promise<T>
  end(stagingId: string): void
  /** Ends all stagings and zeroes their keys. */
  wipe(): void
}

/** `now`: milliseconds that count sleep. */
export function createStaging(parts: Core, now?: () => number): Staging {
  const staged = new Map<string, StagedUpload>()

  const get = (stagingId: string): StagedUpload => {
    const found = staged.get(stagingId)
    if (!found || found.timer.isOver()) {
      end(stagingId)
      throw new EdgekeepError('staging.expired', {})
    }
    found.timer.refresh()
    return found
  }
  const end = (stagingId: string): void => {
    const found = staged.get(stagingId)
    if (!found) return
    found.timer.close()
    found.intake.destroy()
    staged.delete(stagingId)
    scheduleGc()
  }
  const borrow: Staging['borrow'] = async (stagingId, use) => {
    const material = get(stagingId).intake.servable()
    using _gc = gcAtEnd()
    using _key = material.keyPem
    return await use(material)
  }
  /** Adds the key of the pending CSR that a certificate without a key answers. */
  const addRequestedKeys = (intake: Intake): void => {
    for (const { kind, certificate } of intake.report.pieces) {
      if (kind !== 'certificate' || !certificate || certificate.isCa) continue
      withRequestedKey(parts, certificate.publicKey.spkiSha256, (file) => intake.add([file]))
    }
  }
  const answer = (stagingId: string): Staged => stagedView(parts, stagingId, get(stagingId))

  return {
    open(files, domain) {
      parts.vault.requireUnlocked()
      const stagingId = randomUUID()
      const timer = uptimeTimer(holdMs, () => end(stagingId), now)
      const asked = domain === undefined ? undefined : normaliseDomain(domain)
      const intake = openIntake(files)
      staged.set(stagingId, { intake, domain: asked, timer })
      addRequestedKeys(intake)
      const [oldest] = staged.keys()
      if (oldest && staged.size > maxStaged) end(oldest)
      return answer(stagingId)
    },
    add(stagingId, files) {
      const { intake } = get(stagingId)
      intake.add(files)
      addRequestedKeys(intake)
      return answer(stagingId)
    },
    remove(stagingId, file) {
      get(stagingId).intake.remove(file)
      scheduleGc()
      return answer(stagingId)
    },
    async unlock(stagingId, pieceId, passphrase, work) {
      await unlockIntake(get(stagingId).intake, pieceId, passphrase, work)
      return answer(stagingId)
    },
    borrow,
    async spend(stagingId, use) {
      const result = await borrow(stagingId, use)
      end(stagingId)
      return result
    },
    end,
    wipe() {
      for (const stagingId of staged.keys()) end(stagingId)
    },
  }
}

function stagedView(parts: Core, stagingId: string, { intake, domain }: StagedUpload): Staged {
  const { report } = intake
  const nothing: Staged = { stagingId, report, verification: null, impact: null, duplicateOf: null }
  if (!report.servable) return nothing
  const { chainDer, leaf, ...material } = intake.servable()
  using _key = material.keyPem
  const duplicate = parts.vault.certificates.findByFingerprint(leaf.fingerprintSha256)
  const current = domain ? parts.vault.domains.get(domain)?.certificateId : undefined
  const replaced = current ? parts.vault.certificates.get(current) : undefined
  return {
    ...nothing,
    // Includes roots among the files, so that the verdict can name a private authority.
    verification: verifyChain(parts, [...chainDer, ...intake.certificates().values()], {
      domain,
      crlsBeside: [...intake.revocationLists().values()],
    }),
    duplicateOf: duplicate ? { id: duplicate.id, name: duplicate.name } : null,
    impact: replaced ? swapImpact(hostNamesOf(replaced), leaf.names) : null,
  }
}
