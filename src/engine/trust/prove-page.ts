import { setTimeout as delay } from 'node:timers/promises'
import type { ProofPageEvent } from '../../contract/trust/trust.ts'
import { issueForTest } from '../local-authority/local-authority.ts'
import { openProofOrigin, type ProofOrigin } from './probes/proof-origin.ts'
import { openProofPage, type ProofPage } from './probes/proof-page.ts'
import { requireAuthority } from '../local-authority/authority-of-vault.ts'
import type { TrustNeeds } from './needs.ts'
import { edgePorts } from '../core/core.ts'
import { createUntrustedCertificate, newProofName } from './temporary-names.ts'
import { noteProof, rowOfBrowser } from './opened-browser.ts'
import { type PageOutcome, verdictOf } from './page-verdict.ts'
import { serveTemporaryName } from './prove.ts'

export interface PageLimits {
  openMs: number
  /** Timeout for the report of an opened page. */
  answerMs: number
  /** Timeout for a refusal, which workers report ten times a second. */
  refusalMs: number
}

const usualLimits: PageLimits = { openMs: 600_000, answerMs: 40_000, refusalMs: 2000 }
const sendMs = 2000

/**
 * Probes an open browser by a page inside it, which requests first a name with an untrusted certificate, then
 * one with a certificate of the local authority. Trust is proven if the edge forwarded only the second
 * request. The page closes with the outcome, with `signal`, or at its timeout.
 * @throws `authority.none`, `edge.not_running`
 */
export async function* provePage(
  parts: TrustNeeds,
  signal: AbortSignal | undefined,
  limits: PageLimits = usualLimits,
): AsyncGenerator<ProofPageEvent> {
  requireAuthority(parts)
  const trial = await openTrial(parts)
  const stop = () => void trial.close()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    if (signal?.aborted) return
    const expiresAt = new Date(Date.now() + limits.openMs).toISOString()
    yield { type: 'page', address: trial.page.address, expiresAt }
    const opened = await within(trial.page.opened, limits.openMs, signal)
    if (opened) yield { type: 'opened', browser: opened.browser.full }
    const row = opened ? await rowOfBrowser(parts, opened) : null
    const outcome: PageOutcome = opened ? await outcomeOf(parts, trial, limits, signal) : { type: 'unopened' }
    if (signal?.aborted) return
    const browser = opened?.browser.full ?? null
    const verdict = verdictOf(outcome, browser, row)
    await within(trial.page.answer(verdict), sendMs, signal)
    // Closes before the outcome is yielded, since the consumer may not continue.
    await trial.close()
    const client = opened ? await noteProof(parts, { opened, row, outcome, verdict }) : null
    yield { ...verdict, type: 'outcome', outcome: outcome.type, browser, client }
  } finally {
    signal?.removeEventListener('abort', stop)
    await trial.close()
  }
}

interface Trial {
  page: ProofPage
  origin: ProofOrigin
  names: { control: string; proof: string }
  paths: { control: string; proof: string }
  /** Aborted by `close`. */
  over: AbortSignal
  /** Idempotent; ends the page and removes its names from the edge. */
  close(): Promise<void>
}

async function openTrial(parts: TrustNeeds): Promise<Trial> {
  const { https: port } = edgePorts(parts)
  const names = { control: newProofName(), proof: newProofName() }
  const origin = await openProofOrigin()
  const paths = { control: origin.newPath(), proof: origin.newPath() }
  const target = (which: 'control' | 'proof') => `https://${names[which]}:${port}${paths[which]}`
  const over = new AbortController()
  let page: ProofPage | undefined
  let certificate: Awaited<ReturnType<typeof issueForTest>> | undefined
  let closing: Promise<void> | undefined
  const end = async () => {
    over.abort()
    page?.close()
    origin.close()
    for (const name of Object.values(names)) parts.temporaryNames.remove(name)
    certificate?.forget()
    try {
      await parts.supervisor?.apply()
    } catch (error) {
      // The next snapshot removes these names as well.
      parts.log.warn({ err: error }, 'End of a proof not sent to the workers')
    }
  }
  const close = () => (closing ??= end())
  try {
    page = await openProofPage({ control: target('control'), proof: target('proof') })
    await serveTemporaryName(
      parts,
      names.control,
      origin.port,
      await createUntrustedCertificate(names.control, parts.clock()),
    )
    certificate = await issueForTest(parts, names.proof)
    await serveTemporaryName(parts, names.proof, origin.port, certificate)
    return { page, origin, names, paths, over: over.signal, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Result of both requests, once the page has reported or timed out. */
async function outcomeOf(
  parts: TrustNeeds,
  { page, origin, names, paths, over }: Trial,
  { answerMs, refusalMs }: PageLimits,
  signal: AbortSignal | undefined,
): Promise<PageOutcome> {
  const refusal = refusalOf(parts, names.proof, over)
  const hasAsked = await within(
    page.asked.then(() => true),
    answerMs,
    signal,
  )
  if (origin.wasAsked(paths.control)) return { type: 'careless' }
  if (origin.wasAsked(paths.proof)) return { type: 'trusted' }
  if (!hasAsked) return { type: 'silent' }
  const reason = await within(refusal, refusalMs, signal)
  return reason === undefined ? { type: 'unreached' } : { type: 'refused', reason }
}

/** Reason of the failed handshake for a name; undefined if there was none before `signal`. */
async function refusalOf(parts: TrustNeeds, name: string, signal: AbortSignal): Promise<string | undefined> {
  for await (const event of parts.traffic.watch({ reveal: false, domain: name }, signal)) {
    const rows = event.type === 'cleared' ? [] : event.rows
    const refused = rows.find((row) => row.kind === 'refused')
    if (refused) return refused.reason
  }
  return undefined
}

/** Value of a promise; undefined after the timeout or `signal`. */
async function within<T>(
  promise: Promise<T>,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  const over = new AbortController()
  const either = signal ? AbortSignal.any([signal, over.signal]) : over.signal
  // An aborted delay rejects, which is intended.
  const passed = delay(ms, undefined, { signal: either, ref: false }).catch(() => undefined)
  try {
    return await Promise.race([promise, passed])
  } finally {
    over.abort()
  }
}
