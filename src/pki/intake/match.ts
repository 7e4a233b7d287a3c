import type { IntakeReport } from '../../contract/inspect/certificate-facts.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { Found } from '../formats/found.ts'
import { type InputFile, readFile } from '../formats/read-file.ts'
import { createWorkBudget, type WorkBudget } from '../work-budget.ts'

type KeyMatch = NonNullable<IntakeReport['keyMatch']>

/**
 * Compares the key in one file with the certificates in the other, by public key; without a match the result
 * names the first certificate. The certificate comes first, unless only the second file has one to read.
 * @throws EdgekeepError if either is unreadable, or the key stays locked; NotYet from `budget`
 */
export function matchFiles(
  first: InputFile,
  second: InputFile,
  passphrase?: string,
  budget: WorkBudget = createWorkBudget(),
): KeyMatch {
  const isSwapped = !hasCertificate(first, budget) && hasCertificate(second, budget)
  const [certificate, key] = isSwapped ? [second, first] : [first, second]
  const certificateHashes = readCertificateHashes(certificate, passphrase, budget)
  const keyHashes = readKeyHashes(key, passphrase, budget)
  const keySpkiSha256 = keyHashes.find((hash) => certificateHashes.includes(hash)) ?? (keyHashes[0] as string)
  const matches = certificateHashes.includes(keySpkiSha256)
  const certificateSpkiSha256 = matches ? keySpkiSha256 : (certificateHashes[0] as string)
  return { matches, certificateSpkiSha256, keySpkiSha256 }
}

function hasCertificate(file: InputFile, budget: WorkBudget): boolean {
  return certificateHashes(readFile(file, budget).found).length > 0
}

/** At least one. Archives are opened only without unencrypted certificates. */
function readCertificateHashes(
  file: InputFile,
  passphrase: string | undefined,
  budget: WorkBudget,
): string[] {
  const { found, problems } = readFile(file, budget)
  const open = certificateHashes(found)
  if (open.length > 0) return open
  const locked = found.find((piece) => piece.locked)
  if (locked && passphrase === undefined) throw new EdgekeepError('input.locked', { place: locked.place })
  const opened = certificateHashes(found.flatMap((piece) => opening(piece, passphrase, budget)))
  if (opened.length > 0) return opened
  throw problems[0] ?? new EdgekeepError('certificate.missing', {})
}

function certificateHashes(found: Found[]): string[] {
  found.forEach(forgetKey)
  return found.flatMap(({ certificate }) => certificate?.facts.publicKey.spkiSha256 ?? [])
}

/** At least one. */
function readKeyHashes(file: InputFile, passphrase: string | undefined, budget: WorkBudget): string[] {
  const { found, problems } = readFile(file, budget)
  const opened = found.flatMap((piece) => (piece.locked ? opening(piece, passphrase, budget) : [piece]))
  opened.forEach(forgetKey)
  const hashes = opened.flatMap(({ key }) => key?.publicKey.spkiSha256 ?? [])
  if (hashes.length > 0) return hashes
  const reason = 'there is no private key in it'
  throw problems[0] ?? new EdgekeepError('key.malformed', { place: { file: file.name }, reason })
}

function opening({ locked, place }: Found, passphrase: string | undefined, budget: WorkBudget): Found[] {
  if (locked && passphrase === undefined) throw new EdgekeepError('key.encrypted', { place })
  return locked?.open(passphrase ?? '', budget).found ?? []
}

function forgetKey({ key }: Found): void {
  key?.pkcs8[Symbol.dispose]()
}
