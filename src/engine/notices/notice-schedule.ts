import {
  certificateNotices,
  targetNotices,
  trustNotices,
  type Notice,
  watchNotices,
} from '../../domain/notices.ts'
import { isReached } from '../../domain/reached-time.ts'
import { listCertificates } from '../certificates/certificates.ts'
import { trustAtlas } from '../trust/atlas.ts'
import { regularLook } from '../core/regular-look.ts'
import { storedTargets, watchedServers } from '../core/settings.ts'
import type { NoticeChannelRow } from '../vault/vault.ts'
import type { NoticesNeeds } from './needs.ts'
import { messageOf } from './notice-text.ts'
import { send } from './send.ts'

/** Reading the trust stores starts programs. */
const trustEveryMs = 3_600_000
const firstRetryMs = 60_000
const longestRetryMs = 6 * 3_600_000
/** Remembered keys of delivered notices whose cause is over; the oldest are dropped. */
const mostKeys = 1_000

export type NoticeSchedule = ReturnType<typeof createNoticeSchedule>

/**
 * Sends each channel what it has not had yet, in one message, and again with backoff until it is taken. What
 * is over by then is not sent. Compares times with the clock, as the renewals do.
 */
export function createNoticeSchedule(parts: NoticesNeeds) {
  const { vault, clock, log } = parts
  const schedule = regularLook({ log, failure: 'Notice check failed' }, sendDue)
  const { signal } = schedule
  let trust: { at: number; notices: Notice[] } | null = null

  async function sendDue(): Promise<void> {
    const channels = vault.noticeChannels.list()
    if (channels.length === 0) return
    const notices = [
      ...certificateNotices(
        {
          certificates: listCertificates(parts)
            .filter(({ usedBy }) => usedBy.length > 0)
            .toArray(),
        },
        clock(),
      ),
      ...watchNotices(watchedServers.read(vault)),
      ...targetNotices(storedTargets.read(vault)),
      ...(await lostTrust(channels)),
    ]
    // In parallel: a channel that does not answer delays no other.
    if (!signal.aborted) await Promise.all(channels.map((channel) => deliver(channel, notices)))
  }

  /** A loss that a channel is about to get is read again, since it may be over. */
  async function lostTrust(channels: readonly NoticeChannelRow[]): Promise<Notice[]> {
    const now = clock().getTime()
    const isRecent = trust !== null && now >= trust.at && now - trust.at < trustEveryMs
    const { notices = [] } = trust ?? {}
    if (isRecent && channels.every((channel) => dueFor(channel, notices).length === 0)) return notices
    const failed = (error: unknown) => {
      if (!signal.aborted) log.error({ err: error }, 'Trust check for notices failed')
      return notices
    }
    trust = { at: now, notices: await trustAtlas(parts).then(trustNotices, failed) }
    return trust.notices
  }

  function dueFor({ state }: NoticeChannelRow, notices: readonly Notice[]): Notice[] {
    // A locked vault cannot authenticate the settings of a channel.
    if (vault.protection.locked || !isReached(state.notBefore, clock(), longestRetryMs)) return []
    const delivered = new Set(state.sent)
    return notices.filter(({ key }) => !delivered.has(key))
  }

  async function deliver(channel: NoticeChannelRow, notices: readonly Notice[]): Promise<void> {
    const { id, name, state } = channel
    const due = dueFor(channel, notices)
    if (due.length === 0) return
    const last = (ok: boolean, sentence: string) => ({ at: clock().toISOString(), ok, sentence })
    try {
      await send(parts, channel, messageOf(due))
      const sent = rememberedKeys(state.sent, notices)
      const sentence = due.length === 1 ? 'It took a notice.' : `It took ${due.length} notices.`
      store(id, { sent, attempts: 0, notBefore: null, last: last(true, sentence) })
    } catch (error) {
      const attempts = state.attempts + 1
      const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(attempts - 1, 20))
      const notBefore = new Date(clock().getTime() + waitMs).toISOString()
      const { message } = error as Error
      log.warn({ channel: name, attempts, reason: message }, 'Notice not sent')
      store(id, { ...state, attempts, notBefore, last: last(false, message) })
    }
  }

  /** A channel may have been removed meanwhile. */
  function store(id: string, state: NoticeChannelRow['state']): void {
    if (!signal.aborted) vault.noticeChannels.setState(id, state)
  }

  return schedule
}

/** Every current key, which would be sent again if it were dropped, after the latest of the others. */
export function rememberedKeys(sent: readonly string[], notices: readonly Notice[]): string[] {
  const current = new Set(notices.map(({ key }) => key))
  return [...sent.filter((key) => !current.has(key)).slice(-mostKeys), ...current]
}
