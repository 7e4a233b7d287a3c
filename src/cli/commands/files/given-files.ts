import { EdgekeepError, type ErrorData } from '../../../contract/errors/registry.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import type { Side } from '../../../pki/comparison/comparison.ts'
import type { Intake } from '../../../pki/intake/intake.ts'
import type { AnchorSet } from '../../../pki/verify/anchor-set.ts'
import { openingProgress } from '../../output/progress.ts'
import { readFile, readFiles, type NamedBytes } from '../../input/files.ts'
import { givenPassphrase, type PassphraseOptions } from '../../input/passphrase.ts'

/** Reads files for one offline command, then zeroes the keys. A folder stands for its files. */
export async function withGivenFiles<T>(
  paths: string[],
  options: PassphraseOptions,
  use: (intake: Intake, files: NamedBytes[]) => T | Promise<T>,
): Promise<T> {
  const { readIntake } = await import('../../../pki/intake/opening.ts')
  const passphrase = givenPassphrase(options)
  const files = readFiles(paths)
  const intake = await readIntake(files, { passphrase, ...openingProgress() })
  for (const { bytes } of files) bytes.fill(0)
  try {
    return await use(intake, files)
  } finally {
    intake.destroy()
  }
}

/** The certificates; without any, throws the first reading error. */
export function certificatesOf(intake: Intake): Uint8Array[] {
  const certificates = [...intake.certificates().values()]
  if (certificates.length > 0) return certificates
  throw intake.unread()[0] ?? new EdgekeepError('certificate.missing', {})
}

/** The same for verdicts, which need the whole input: throws the first reading error. */
function allCertificatesOf(intake: Intake): Uint8Array[] {
  const [unread] = intake.unread()
  if (unread) throw unread
  return certificatesOf(intake)
}

const certificateName = /\.(?:pem|crt|cer|cert|der|key|p7[bcs]|pfx|p12|jks|jceks|csr|req|crl)$/i

/**
 * Reading errors of the input files, without unrelated files of a folder, such as the README that Certbot
 * puts beside its certificates.
 */
export function unreadIn(
  intake: Intake,
  files: NamedBytes[],
): { unread: EdgekeepError[]; passedOver: string[] } {
  const besides = new Set(
    files.flatMap(({ name, inFolder }) => (inFolder && !certificateName.test(name) ? [name] : [])),
  )
  const isBesides = ({ code, data }: EdgekeepError) =>
    code === 'input.nothing_found' &&
    besides.has((data as ErrorData<'input.nothing_found'>).place?.file ?? '')
  const [passedOver, unread] = [
    intake.unread().filter(isBesides),
    intake.unread().filter((one) => !isBesides(one)),
  ]
  const names = passedOver.map(({ data }) => (data as ErrorData<'input.nothing_found'>).place?.file ?? '')
  return { unread, passedOver: names }
}

/** A line per error, and one for the skipped files. */
export function formatUnread({ unread, passedOver }: ReturnType<typeof unreadIn>): string[] {
  const names = passedOver.map(visibleText).join(', ')
  return [
    ...unread.map(({ message }) => `✗ ${visibleText(message)}`),
    ...(names ? [`Passed over, since there is no certificate in it: ${names}`] : []),
  ]
}

/** One side of a comparison: a certificate with its chain. */
export function sideOf(paths: string[], options: PassphraseOptions): Promise<Side> {
  return withGivenFiles(paths, options, async (intake) => {
    const { selectLeaf } = await import('../../../pki/intake/select-leaf.ts')
    allCertificatesOf(intake)
    const { leaf, chain } = selectLeaf(intake)
    return { leaf, intermediates: chain }
  })
}

export interface TrustOptions {
  roots?: string[]
}

/** Anchors from `--roots`, else the public roots and this system's. */
export async function anchorsOf({ roots }: TrustOptions): Promise<AnchorSet[]> {
  const { publicRoots, systemRoots } = await import('../../../engine/trust/stores/anchors.ts')
  if (!roots) return [publicRoots(), systemRoots()]
  const { openIntake } = await import('../../../pki/intake/intake.ts')
  const intake = openIntake(roots.map(readFile))
  const certificates = allCertificatesOf(intake)
  intake.destroy()
  return [{ name: 'the given roots', certificates }]
}

/** `--at`, else now. */
export function momentOf(text: string | undefined): Date {
  const at = text === undefined ? new Date() : new Date(text)
  if (!Number.isNaN(at.getTime())) return at
  throw new EdgekeepError('usage.wrong', {
    reason: `--at "${text}" is not a time; write it like 2027-01-31T12:00:00Z.`,
  })
}
