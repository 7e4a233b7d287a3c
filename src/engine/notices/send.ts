import { EdgekeepError } from '../../contract/errors/registry.ts'
import { AddressRefused } from '../network-guard/guard.ts'
import { runProgram } from '../core/run-program.ts'
import type { NoticeChannelRow } from '../vault/vault.ts'
import { sendEmail } from './email.ts'
import type { NoticesNeeds } from './needs.ts'
import type { NoticeMessage } from './notice-text.ts'
import { parseWebhookSecret, sendWebhook } from './webhook.ts'

const timeoutMs = 30_000

/**
 * Sends a message through a channel.
 * @throws EdgekeepError `notice.not_sent`, `vault.locked`
 */
export async function send(
  parts: NoticesNeeds,
  channel: NoticeChannelRow,
  message: NoticeMessage,
): Promise<void> {
  try {
    await sendBy(parts, channel.id, message)
  } catch (error) {
    if (error instanceof EdgekeepError && error.code !== 'key.unsealable') throw error
    // Without the cause, whose fields may have the URL.
    throw new EdgekeepError('notice.not_sent', { name: channel.name, reason: reasonOf(error) })
  }
}

/** Uses no settings but those that the seal authenticates: who can write the database gets no program run. */
async function sendBy({ vault, clock }: NoticesNeeds, id: string, message: NoticeMessage): Promise<void> {
  await vault.noticeChannels.withSecret(id, (secret, settings) => {
    if (settings.kind === 'command')
      return runProgram(settings.command, { input: JSON.stringify(message), timeoutMs })
    const text = secret.toString('utf8')
    const signal = AbortSignal.timeout(timeoutMs)
    if (settings.kind === 'email') return sendEmail(settings, text, { message, signal })
    return sendWebhook(settings.kind, parseWebhookSecret(text), { message, at: clock(), signal })
  })
}

/** Reason without what is secret: errors of the network name a host at most, nodemailer's a reply. */
function reasonOf(error: unknown): string {
  if (error instanceof AddressRefused) return error.reason
  if (error instanceof EdgekeepError)
    return 'its settings are not those that were sealed; remove the channel and add it again'
  const { name, code, message, responseCode } = error as NodeJS.ErrnoException & { responseCode?: number }
  if (name === 'TimeoutError' || code === 'ETIMEDOUT') return 'there was no answer in time'
  if (code === 'EAUTH') return 'the mail server refused the login'
  if (responseCode !== undefined) return `the mail server refused it with ${responseCode}`
  const shown = code === 'ESOCKET' ? (/^[^:;]*certificate[^:;]*/.exec(message)?.[0] ?? code) : code
  return code === undefined || code.startsWith('ERR_INVALID') ? message : `the connection failed (${shown})`
}
