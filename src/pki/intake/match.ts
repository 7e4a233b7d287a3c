import type { IntakeReport } from '../../contract/inspect/certificate-facts.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { Found, Reading } from '../formats/found.ts'
import { type InputFile, readFile } from '../formats/read-file.ts'
import { createWorkBudget, type WorkBudget } from '../work-budget.ts'

type KeyMatch = NonNullable<IntakeReport['keyMatch']>

/**
 * Compares the keys of one input with the certificates of the other, by public key. Each input is a file, or
 * the entries of an archive, at least one. Without a match the result names the first certificate. The
 * certificate comes first, unless only the second input has one to read.
 * @throws EdgekeepError if either is unreadable, or the key stays locked; NotYet from `budget`
 */
export function matchFiles(
  first: readonly InputFile[],
  second: readonly InputFile[],
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

function hasCertificate(files: readonly InputFile[], budget: WorkBudget): boolean {
  return certificateHashes(readFiles(files, budget).found).length > 0
}

function readFiles(files: readonly InputFile[], budget: WorkBudget): Reading {
  const readings = files.map((file) => readFile(file, budget))
  return {
    found: readings.flatMap(({ found }) => found),
    problems: readings.flatMap(({ problems }) => problems),
  }
}

/** At least one. Archives are opened only without unencrypted certificates. */
function readCertificateHashes(
  files: readonly InputFile[],
  passphrase: string | undefined,
  budget: WorkBudget,
): string[] {
  const { found, problems } = readFiles(files, budget)
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
function readKeyHashes(
  files: readonly InputFile[],
  passphrase: string | undefined,
  budget: WorkBudget,
): string[] {
  const { found, problems } = readFiles(files, budget)
  const opened = found.flatMap((piece) => (piece.locked ? opening(piece, passphrase, budget) : [piece]))
  opened.forEach(forgetKey)
  const hashes = opened.flatMap(({ key }) => key?.publicKey.spkiSha256 ?? [])
  if (hashes.length > 0) return hashes
  const reason = 'there is no private key in it'
  throw problems[0] ?? new EdgekeepError('key.malformed', { place: { file: files[0]?.name }, reason })
}

function opening({ locked, place }: Found, passphrase: string | undefined, budget: WorkBudget): Found[] {
  if (locked && passphrase === undefined) throw new EdgekeepError('key.encrypted', { place })
  return locked?.open(passphrase ?? '', budget).found ?? []
}

function forgetKey({ key }: Found): void {
  key?.pkcs8[Symbol.dispose]()
}
