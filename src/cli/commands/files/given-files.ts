import type { EdgekeepError, ErrorData } from '../../../contract/errors/registry.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import type { Side } from '../../../pki/comparison/comparison.ts'
import type { InspectionQuestion } from '../../../pki/inspect/inspect.ts'
import { wipedTogether } from '../../../domain/secret-bytes.ts'
import type { Intake } from '../../../pki/intake/intake.ts'
import type { AnchorSet } from '../../../pki/verify/anchor-set.ts'
import { openingProgress } from '../../output/progress.ts'
import { readFile, readFiles, type NamedBytes } from '../../input/files.ts'
import { passphraseHint } from '../../output/output.ts'
import { givenPassphrase, type PassphraseOptions } from '../../input/passphrase.ts'
import { usageError } from '../../frame/command.ts'

/** Reads files for one offline command, then wipes the keys. A folder stands for its files. */
export async function withGivenFiles<T>(
  paths: string[],
  options: PassphraseOptions & { logList?: string },
  use: (intake: Intake, files: NamedBytes[]) => T | Promise<T>,
): Promise<T> {
  if (options.logList !== undefined) {
    const { readLogList, useLogList } = await import('../../../pki/transparency/log-list.ts')
    useLogList(readLogList(Buffer.from(readFile(options.logList).bytes).toString()))
  }
  const { files, ...opened } = await openGiven(paths, givenPassphrase(options))
  using intake = opened.intake
  return await use(intake, files)
}

/** Opens the files, and wipes their bytes; the caller owns the intake. */
export async function openGiven(
  paths: string[],
  passphrase: string | undefined,
): Promise<{ intake: Intake; files: NamedBytes[] }> {
  const [{ readIntake }, { expandFiles }] = await Promise.all([
    import('../../../pki/intake/opening.ts'),
    import('../../../pki/expansion/expand-files.ts'),
  ])
  const files = readFiles(paths)
  using _bytes = wipedTogether(files.map(({ bytes }) => bytes))
  const expanded = await expandFiles(files)
  using _entries = wipedTogether(expanded.map(({ bytes }) => bytes))
  return { intake: await readIntake(expanded, { passphrase, ...openingProgress() }), files }
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
    (code === 'input.nothing_found' || code === 'input.other_content') &&
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
    ...passphraseHint(unread),
    ...(names ? [`Passed over, since there is no certificate in it: ${names}`] : []),
  ]
}

/** Completes the chain from the network; returns the addresses. */
export async function completed(intake: Intake, question: InspectionQuestion): Promise<string[]> {
  const { completeChain } = await import('../../../engine/inspect/complete-chain.ts')
  return completeChain(intake, question)
}

/** @throws the first reading error: a verdict on half the input would be wrong */
export function requireAllRead(intake: Intake): void {
  const [unread] = intake.unread()
  if (unread) throw unread
}

/** One certificate with its chain, for a comparison. */
export function sideOf(paths: string[], options: PassphraseOptions): Promise<Side> {
  return withGivenFiles(paths, options, async (intake) => {
    const { certificatesOf, comparedSide } = await import('../../../pki/inspect/inspect.ts')
    requireAllRead(intake)
    certificatesOf(intake)
    return comparedSide(intake)
  })
}

export interface QuestionOptions {
  at?: string
  host?: string
  roots?: string[]
  rootLists?: string
}

/** Time, name and anchors of a judgement: `--roots`, else the public roots and this system's. */
export async function questionOf({
  at,
  host,
  roots,
  rootLists,
}: QuestionOptions): Promise<InspectionQuestion> {
  if (rootLists !== undefined) {
    const { parseRootLists, useRootLists } = await import('../../../pki/roots/root-lists.ts')
    useRootLists(parseRootLists(Buffer.from(readFile(rootLists).bytes).toString()))
  }
  const { publicRoots, systemRoots } = await import('../../../engine/certificates/anchors.ts')
  const anchors = roots ? await anchorsIn(roots) : [publicRoots(), systemRoots()]
  return { at: momentOf(at), host, anchors, publicRoots: publicRoots() }
}

async function anchorsIn(roots: string[]): Promise<AnchorSet[]> {
  const [{ openIntake }, { expandFiles }, { certificatesOf, givenRoots }] = await Promise.all([
    import('../../../pki/intake/intake.ts'),
    import('../../../pki/expansion/expand-files.ts'),
    import('../../../pki/inspect/inspect.ts'),
  ])
  using intake = openIntake(await expandFiles(roots.map(readFile)))
  requireAllRead(intake)
  return givenRoots(certificatesOf(intake))
}

/** `--at`, else now. */
export function momentOf(text: string | undefined): Date {
  const at = text === undefined ? new Date() : new Date(text)
  if (!Number.isNaN(at.getTime())) return at
  throw usageError(`--at "${text}" is not a time; write it like 2027-01-31T12:00:00Z.`)
}
