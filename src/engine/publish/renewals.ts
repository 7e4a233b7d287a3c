import { sentences } from '../../contract/text/sentences.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { isReached } from '../../domain/reached-time.ts'
import { commit } from '../core/commit.ts'
import { regularLook } from '../core/regular-look.ts'
import { type PublishNeeds, turnsOf } from './needs.ts'
import { renewTarget } from './publish.ts'
import { afterFailure, isRenewalDue } from './renewal-state.ts'
import { askWindows } from './renewal-windows.ts'
import { changeTarget, listTargets, requireTarget } from './stored-targets.ts'
import { takeBack } from './take-back.ts'

export type TargetRenewals = ReturnType<typeof createTargetRenewals>

/** Pause after a server that could not be taken back. */
const againAfterMs = 10 * 60_000

/**
 * Takes interrupted publications back, and renews targets by themselves where a person chose so. Compares times with the clock, as the renewals of
 * domains do, so that what became due during sleep is renewed after it.
 */
export function createTargetRenewals(parts: PublishNeeds) {
  const { vault, clock, log } = parts
  const askedAt = new Map<string, string>()
  const takeBackAt = new Map<string, string>()

  async function lookAt(signal: AbortSignal, name: string): Promise<void> {
    if (signal.aborted || vault.protection.locked) return
    await takeBackIfNoted(name)
    if (requireTarget(parts, name).renewal === null) return
    await askWindows(parts, name, { askedAt, signal })
    if (!signal.aborted && isRenewalDue(requireTarget(parts, name), clock())) await renew(name)
  }

  async function takeBackIfNoted(name: string): Promise<void> {
    const target = requireTarget(parts, name)
    const isNoted = target.servers.some(({ switchedAt }) => switchedAt !== null)
    if (!isNoted || !isReached(takeBackAt.get(name) ?? null, clock(), againAfterMs)) return
    takeBackAt.set(name, new Date(clock().getTime() + againAfterMs).toISOString())
    await parts.publishing(turnsOf(target), () => takeBack(parts, name))
  }

  async function renew(name: string): Promise<void> {
    try {
      await renewTarget(parts, name)
    } catch (error) {
      log.warn({ err: error, target: name }, 'Renewal of a target failed')
      if (!vault.protection.locked) await noteFailure(name, error)
    }
  }

  /** Failure without a report of any server. */
  async function noteFailure(name: string, error: unknown): Promise<void> {
    const isKnown = error instanceof EdgekeepError
    const code = isKnown ? error.code : 'engine.failed'
    const summary = isKnown ? error.message : sentences.unexpected
    await commit(parts, () => {
      changeTarget(parts, name, ({ renewal }) => ({
        renewal:
          renewal &&
          afterFailure(parts, renewal.attempts, { code, summary, isLocal: true, wasIssued: false }),
      }))
      const after = { code, reason: summary }
      return { record: { action: 'target.renew_failed', subject: name, before: null, after } }
    })
  }

  return regularLook({ log, failure: 'Renewals of targets failed' }, lookAt, () =>
    listTargets(parts).map(({ name }) => name),
  )
}
