import { EdgekeepError } from '../../contract/errors/registry.ts'
import { parseUrl } from '../../contract/text/parse-url.ts'
import { allowances } from '../network-guard/guard.ts'
import { createGuardedClient } from '../network-guard/http-client.ts'
import type { NoticeMessage } from './notice-text.ts'

const mostAnswerBytes = 64 * 1024

export type WebhookKind = 'webhook' | 'slack' | 'dingtalk'

/**
 * URL of a webhook. Its path and query are what lets anybody send there.
 * @throws EdgekeepError `input.invalid`
 */
export function webhookUrl(text: string): URL {
  const url = parseUrl(text.trim())
  if (!url || !['https:', 'http:'].includes(url.protocol))
    throw new EdgekeepError('input.invalid', { reason: 'The webhook needs a URL that begins with https://.' })
  return url
}

/**
 * Sends by POST. The person named the server, so it may be in a private network; without TLS it has to be.
 * A redirect is not followed: it would hand the notice, and what authorises it, to a server nobody named.
 * @throws an Error whose message has no part of the URL but its host
 */
export async function sendWebhook(
  kind: WebhookKind,
  url: URL,
  { message, signal }: { message: NoticeMessage; signal: AbortSignal },
): Promise<void> {
  const isSecure = url.protocol === 'https:'
  const client = createGuardedClient(isSecure ? allowances.typed : allowances.typedInClear)
  try {
    const answer = await client.send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Edgekeep' },
      body: JSON.stringify(bodyOf(kind, message)),
      signal,
      mostBytes: mostAnswerBytes,
    })
    expectTaken(kind, answer)
  } finally {
    client.close()
  }
}

function bodyOf(kind: WebhookKind, message: NoticeMessage): object {
  const { title, text } = message
  if (kind === 'webhook') return message
  const content = `Edgekeep: ${title}\n${text}`
  if (kind === 'dingtalk') return { msgtype: 'text', text: { content } }
  // Slack reads these three as markup.
  return { text: content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') }
}

function expectTaken(kind: WebhookKind, { status, body }: { status: number; body: Buffer }): void {
  if (status >= 300 && status < 400) throw new Error(`it redirects (${status}), which is not followed`)
  if (status < 200 || status > 299) throw new Error(`it answered ${status}`)
  if (kind !== 'dingtalk') return
  // DingTalk answers 200 to a refusal.
  const code = errorCodeIn(body.toString('utf8'))
  if (code !== 0)
    throw new Error(`DingTalk refused it with error ${code}; the robot needs the keyword "Edgekeep"`)
}

function errorCodeIn(text: string): number {
  try {
    const { errcode } = JSON.parse(text) as { errcode?: unknown }
    return typeof errcode === 'number' ? errcode : -1
  } catch {
    return -1
  }
}
