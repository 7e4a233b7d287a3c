import type { Staged } from '../../contract/certificates/staging.ts'
import { type InputFile, type Intake, openIntake, type ServableMaterial } from '../../pki/intake/intake.ts'
import type { KeyWorkOptions } from '../../pki/formats/key-work.ts'
import { diagnose } from '../../pki/diagnosis/diagnose.ts'
import { selectLeaf } from '../../pki/intake/select-leaf.ts'
import { unlockIntake } from '../../pki/intake/opening.ts'
import { gcAtEnd, scheduleGc } from '../core/schedule-gc.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import { hostNamesOf, swapImpact } from '../../domain/covered-names.ts'
import { withRequestedKey } from '../certificates/requested-key.ts'
import type { Core } from '../core/core.ts'
import { verifyChain } from '../certificates/verdicts.ts'
import type { FileSession, FileSessions, SessionOwner } from './file-sessions.ts'

/**
 * Uploads for an import, as file sessions. Key bytes enter the engine once and stay in memory only; every
 * exit (saved, discarded, expired, closed) zeroes them.
 */
export interface Staging {
  /** @throws `vault.locked`: nothing is staged that could not be stored */
  open(owner: SessionOwner, files: InputFile[], domain?: string): Staged
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
}

export function createStaging(parts: Core, sessions: FileSessions): Staging {
  const get = (stagingId: string) => sessions.get(stagingId, 'import')
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
    open(owner, files, domain) {
      parts.vault.requireUnlocked()
      const asked = domain === undefined ? undefined : normaliseDomain(domain)
      const intake = openIntake(files)
      const stagingId = sessions.open(owner, { intake, use: 'import', domain: asked })
      addRequestedKeys(intake)
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
      sessions.end(stagingId)
      return result
    },
    end: sessions.end,
  }
}

function stagedView(parts: Core, stagingId: string, { intake, domain }: FileSession): Staged {
  const { report } = intake
  const verification = stagedVerification(parts, intake, domain)
  const nothing: Staged = {
    stagingId,
    report,
    verification: null,
    chainGap: chainGapIn(report, verification, parts.clock()),
    impact: null,
    duplicateOf: null,
  }
  if (!report.servable) return nothing
  const { leaf, ...material } = intake.servable()
  using _key = material.keyPem
  const duplicate = parts.vault.certificates.findByFingerprint(leaf.fingerprintSha256)
  const current = domain ? parts.vault.domains.get(domain)?.certificateId : undefined
  const replaced = current ? parts.vault.certificates.get(current) : undefined
  return {
    ...nothing,
    verification,
    duplicateOf: duplicate ? { id: duplicate.id, name: duplicate.name } : null,
    impact: replaced ? swapImpact(hostNamesOf(replaced), leaf.names) : null,
  }
}

/** Includes roots among the files, so that the verdict can name a private authority; null for several sites. */
function stagedVerification(parts: Core, intake: Intake, domain: string | undefined) {
  const { bundles, servable, pieces } = intake.report
  const about = servable ?? (bundles.length === 1 ? bundles[0] : undefined)
  if (!about) return null
  const piece = pieces.find(({ id }) => id === about.leaf)
  const { leaf, others } = selectLeaf(intake, piece?.certificate?.fingerprintSha256)
  return verifyChain(parts, [leaf, ...others], {
    domain,
    crlsBeside: [...intake.revocationLists().values()],
    ocspBeside: intake.ocspResponses(),
  })
}

function chainGapIn(report: Staged['report'], verification: Staged['verification'], at: Date) {
  if (!verification) return null
  const { diagnosis, others } = diagnose(report, verification, { at })
  return [diagnosis, ...others].find(({ situation }) => gaps.has(situation)) ?? null
}

const gaps = new Set(['missing-intermediate', 'unrelated-chain'])
