import { usageError, type Session } from '../frame/command.ts'
import { listDomains } from '../../client/domains.ts'
import type { OptionsOf } from '../frame/declare.ts'
import type { PreviewSource } from '../../contract/certificates/https.ts'
import { count, formatNumber } from '../../contract/text/count.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { CertificateSummary, Domain } from '../../contract/domains/domains.ts'
import { fateAfterRelease } from '../../domain/certificate-retention.ts'
import { askLine } from '../input/question.ts'

/**
 * Asks at the terminal. `explain` prints more, for the answer "?".
 * @throws `usage.wrong` if the answer is no or there is no terminal; `Interruption` after Ctrl-C
 */
export async function confirm(question: string, explain?: () => void): Promise<void> {
  if (!process.stdin.isTTY)
    throw usageError(
      `${question} There is no terminal to confirm at, so nothing was changed. Confirm it with --yes.`,
    )
  const answer = await askLine(`${question} ${explain ? '[y/N, ? shows the script] ' : '[y/N] '}`)
  if (explain && answer?.trim() === '?') {
    explain()
    return confirm(question)
  }
  if (!/^y(es)?$/i.test(answer?.trim() ?? '')) throw usageError('Nothing was changed.')
}

/** Option of every command that shows a plan before it changes this computer. */
export const dryRunFlag = { '--dry-run': 'only show the plan; nothing is changed' } as const
export type DryRunOptions = OptionsOf<typeof dryRunFlag>

/** Option of every command that erases; without it they ask. */
export const yesFlag = { '--yes': 'do not ask for confirmation' } as const
export type ErasureOptions = OptionsOf<typeof yesFlag>

/** Option of every command that may put a worse certificate in use; without it they ask. */
export const acceptWorseFlag = { '--accept-worse': 'use the new certificate even if it is worse' } as const
export type WorseOptions = OptionsOf<typeof acceptWorseFlag>

interface SwapQuestion extends WorseOptions {
  /** Sentences before the question, as far as they were not printed with a plan. */
  sentences: string[]
  question: string
  /** True where nothing has to be confirmed but a worse certificate. */
  isAgreed: boolean
  /** Problems of the certificates that go live. */
  problems: string[]
}

/**
 * Asks once before certificates are swapped, also where a new one is worse, which `--yes` does not answer.
 * @returns whether a worse one was accepted; the engine refuses it otherwise
 * @throws `usage.wrong` as `confirm` does
 */
export async function confirmCertificates(change: SwapQuestion): Promise<boolean> {
  const { sentences, question, isAgreed, problems, acceptWorse = false } = change
  const asksWorse = problems.length > 0 && !acceptWorse && process.stdin.isTTY
  if (isAgreed && !asksWorse) return acceptWorse
  await confirm([...sentences, asksWorse ? 'Use it anyway?' : question].join(' '))
  return asksWorse || acceptWorse
}

/** Error of a dry run whose change the engine would refuse. */
export function refusalOf(
  name: string,
  problems: string[],
  { acceptWorse }: WorseOptions,
): EdgekeepError | undefined {
  if (problems.length === 0 || acceptWorse) return undefined
  return new EdgekeepError('certificate.worse', { name, problems })
}

/** `The new certificate has 2 problems: …; ….`; none where there are no problems. */
export function problemSentences(problems: string[]): string[] {
  return problems.length > 0 ? [formatProblems(problems)] : []
}

/** `The new certificate has 2 problems: …; ….` */
export function formatProblems(problems: string[]): string {
  const number = problems.length === 1 ? 'a problem' : count(problems.length, 'problem')
  return `The new certificate has ${number}: ${problems.join('; ')}.`
}

/** Whether `reference` is the ID or the name of one of them: a missing one needs no confirmation. */
export function isAmong(things: readonly { id: string; name: string }[], reference: string): boolean {
  return things.some(({ id, name }) => id === reference || name === reference)
}

/**
 * Asks before a domain releases its certificates, with a list of those that are erased with their keys.
 * @throws `usage.wrong` if the answer is no, or without a terminal and `--yes`
 */
export async function confirmRelease(
  { client }: Session,
  domain: Domain,
  { act, yes }: ErasureOptions & { act: string },
): Promise<void> {
  if (yes) return
  const [certificates, domains] = await Promise.all([client.certificates.list(), listDomains(client)])
  const { erased, left } = fateAfterRelease(domain, { certificates, domains })
  const sentences = [
    lossOf(erased) ?? '',
    left.length > 0 ? `Still in the vault afterwards: ${named(left)}.` : '',
    `${act}?`,
  ]
  await confirm(sentences.filter(Boolean).join(' '))
}

interface SwapOptions extends ErasureOptions, WorseOptions {
  source: PreviewSource
  keepOld?: boolean
}

/**
 * Asks before a swap erases the certificate before the previous one of `domain`, or serves a worse one.
 * @returns as `confirmCertificates`
 */
export async function confirmSwap(
  { client }: Pick<Session, 'client'>,
  domain: string,
  { source, keepOld, yes, acceptWorse }: SwapOptions,
): Promise<boolean> {
  const { erased, problems } = await client.https.preview({ domain, source, keepOld })
  const isLoss = erased.length > 0 && !yes
  const loss = lossOf(
    erased.map((name) => ({ name })),
    '--keep-old keeps it.',
  )
  return confirmCertificates({
    sentences: [...problemSentences(problems), ...(isLoss && loss ? [loss] : [])],
    question: `Swap the certificate of ${domain}?`,
    isAgreed: !isLoss,
    ...{ problems, acceptWorse },
  })
}

export interface Lists {
  certificates: CertificateSummary[]
  domains: Domain[]
}

const mostNamed = 5

/** `This erases 41 certificates and their private keys: "a", "b", … and 36 more.`; undefined for none. */
export function lossOf(erased: readonly { name: string }[], remedy = ''): string | undefined {
  if (erased.length === 0) return undefined
  if (erased.length === 1)
    return `This erases the certificate ${named(erased)} and its private key. ${remedy}`.trimEnd()
  const more = erased.length > mostNamed ? ` and ${formatNumber(erased.length - mostNamed)} more` : ''
  return `This erases ${count(erased.length, 'certificate')} and their private keys: ${named(erased.slice(0, mostNamed))}${more}. ${remedy}`.trimEnd()
}

function named(certificates: readonly { name: string }[]): string {
  return certificates.map(({ name }) => `"${name}"`).join(', ')
}
