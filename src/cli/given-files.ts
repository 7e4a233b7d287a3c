import { EdgekeepError, isErrorCode, type ErrorData } from '../contract/errors.ts'
import type { IntakeReport } from '../contract/certificate-facts.ts'
import type { Side } from '../engine/pki/comparison/comparison.ts'
import type { Intake } from '../engine/pki/intake.ts'
import type { AnchorSet } from '../engine/pki/verify/anchor-set.ts'
import { readFile, readFiles, type NamedBytes } from './files.ts'
import { givenPassphrase, type PassphraseOptions } from './passphrase.ts'

/** Reads files for one offline command and forgets them; keys are zeroed. A folder stands for its files. */
export async function withGivenFiles<T>(
  paths: string[],
  options: PassphraseOptions,
  use: (intake: Intake, files: NamedBytes[]) => T | Promise<T>,
): Promise<T> {
  const { openIntake } = await import('../engine/pki/intake.ts')
  const passphrase = givenPassphrase(options)
  const files = readFiles(paths)
  const intake = openIntake(files, { passphrase })
  for (const { bytes } of files) bytes.fill(0)
  try {
    return await use(intake, files)
  } finally {
    intake.destroy()
  }
}

/** The certificates found; throws what went wrong where there are none. */
export function certificatesOf(intake: Intake): Uint8Array[] {
  const certificates = [...intake.certificates().values()]
  if (certificates.length > 0) return certificates
  throw firstProblem(intake.report) ?? new EdgekeepError('certificate.missing', {})
}

/** The first thing that could not be read, as the error it was. */
export function firstProblem({ problems: [first] }: IntakeReport): EdgekeepError | undefined {
  if (!first) return undefined
  const code = isErrorCode(first.code) ? first.code : 'input.invalid'
  return new EdgekeepError(code, { ...first, reason: first.message } as unknown as ErrorData<typeof code>)
}

/** One certificate with its chain, as one side of a comparison. */
export function sideOf(paths: string[], options: PassphraseOptions): Promise<Side> {
  return withGivenFiles(paths, options, async (intake) => {
    const { chosenIn } = await import('../engine/pki/chosen.ts')
    certificatesOf(intake)
    const { leaf, chain } = chosenIn(intake)
    return { leaf, intermediates: chain }
  })
}

export interface TrustOptions {
  roots?: string[]
}

/** Anchors from `--roots`, else the public roots and this system's. */
export async function anchorsOf({ roots }: TrustOptions): Promise<AnchorSet[]> {
  const { publicRoots, systemRoots } = await import('../engine/trust/anchors.ts')
  if (!roots) return [publicRoots(), systemRoots()]
  const { openIntake } = await import('../engine/pki/intake.ts')
  const intake = openIntake(roots.map(readFile))
  const certificates = certificatesOf(intake)
  intake.destroy()
  return [{ name: 'given anchors', certificates }]
}

export const collect = (path: string, before: string[] | undefined): string[] => [...(before ?? []), path]

export const ROOTS_HELP = "trust anchors instead of the public roots and this system's; may be given again"

/** `--at`, else now. */
export function momentOf(text: string | undefined): Date {
  const at = text === undefined ? new Date() : new Date(text)
  if (!Number.isNaN(at.getTime())) return at
  throw new EdgekeepError('usage.wrong', {
    reason: `--at "${text}" is no moment; write it like 2027-01-31T12:00:00Z.`,
  })
}
