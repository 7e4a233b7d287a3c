import type { Place } from '../../contract/errors/registry.ts'
import type { Reading, WrittenAs } from './found.ts'
import { isLoaded } from '../facts/certificate.ts'
import { certificatePiece, keyPiece, lockedKeyPiece, one, publicKeyPiece } from './pieces.ts'
import { sniffPkcs12 } from './pkcs12.ts'
import { sniffPkcs7 } from './pkcs7.ts'
import { sniffOcsp } from './sniff-ocsp.ts'
import { sniffPrivateKey } from './private-key.ts'
import { sniffRequest } from './sniff-request.ts'
import { sniffRevocationList } from './sniff-revocation-list.ts'
import type { WorkBudget } from '../work-budget.ts'

/** Recognises any supported DER value, else undefined. `der` may hold a key; the caller zeroes it. */
export function sniffDer(
  der: Buffer,
  place: Place,
  writtenAs: WrittenAs,
  budget: WorkBudget,
): Reading | undefined {
  if (isLoaded(der)) return one(certificatePiece(der, place, writtenAs))
  const key = sniffPrivateKey(der, place)
  if (key) return one(keyPiece(key, place, writtenAs))
  const piece =
    publicKeyPiece(der, 'spki', place, writtenAs) ??
    sniffRequest(der, place, writtenAs) ??
    sniffRevocationList(der, place, writtenAs) ??
    lockedKeyPiece(der, place, writtenAs)
  if (piece) return one(piece)
  const archive = sniffPkcs12(der, place, budget) ?? sniffPkcs7(der, place)
  if (archive) return archive
  const ocsp = sniffOcsp(der, place, writtenAs)
  return ocsp && one(ocsp)
}
