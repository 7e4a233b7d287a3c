import { createHmac } from 'node:crypto'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { parseUrl } from '../../contract/text/parse-url.ts'
import { allowances } from '../network-guard/guard.ts'
import { createGuardedClient } from '../network-guard/http-client.ts'
import type { NoticeMessage } from './notice-text.ts'

const mostAnswerBytes = 64 * 1024
/** Slack splits a longer text into messages, and DingTalk refuses it. */
const mostCharacters = 4_000

export type WebhookKind = 'webhook' | 'slack' | 'dingtalk'

interface WebhookSecret {
  /** A credential: anybody with its path and query can send there. */
  url: URL
  /** Key of the signatures that a robot of DingTalk may want; null for others. */
  signingSecret: string | null
}

/**
 * Parses the secret of a webhook: its URL, and for DingTalk the signing secret of the robot in the next line.
 * @throws EdgekeepError `input.invalid`
 */
export function parseWebhookSecret(text: string): WebhookSecret {
  const [address = '', signingSecret = ''] = text.split('\n').map((line) => line.trim())
  const url = parseUrl(address)
  if (!url || !['https:', 'http:'].includes(url.protocol))
    throw new EdgekeepError('input.invalid', { reason: 'The webhook needs a URL that begins with https://.' })
  return { url, signingSecret: signingSecret === '' ? null : signingSecret }
}

/**
 * Sends by POST. The person named the server, so it may be in a private network; without TLS it has to be.
 * A redirect is not followed: it would hand the notice, and what authorises it, to a server nobody named.
 * @throws an Error whose message has no part of the URL but its host
 */
export async function sendWebhook(
  kind: WebhookKind,
  { url, signingSecret }: WebhookSecret,
  { message, at, signal }: { message: NoticeMessage; at: Date; signal: AbortSignal },
): Promise<void> {
  const isSecure = url.protocol === 'https:'
  const client = createGuardedClient(isSecure ? allowances.typed : allowances.typedInClear)
  try {
    const answer = await client.send(signingSecret === null ? url : signedUrl(url, signingSecret, at), {
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

/**
 * URL with a signature that DingTalk takes within an hour: base64 of the HMAC-SHA256 of timestamp, line feed and
 * secret, keyed with the secret (open.dingtalk.com, "Custom robot access").
 */
function signedUrl(url: URL, secret: string, at: Date): URL {
  const timestamp = String(at.getTime())
  const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
  const signed = new URL(url)
  signed.searchParams.set('timestamp', timestamp)
  signed.searchParams.set('sign', sign)
  return signed
}

function bodyOf(kind: WebhookKind, message: NoticeMessage): object {
  const { title, text } = message
  if (kind === 'webhook') return message
  const content = `Edgekeep: ${title}\n${text}`
  if (kind === 'dingtalk') return { msgtype: 'text', text: { content: shortened(content) } }
  // Slack reads these three as markup.
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return { text: shortened(escaped) }
}

/** Whole lines, so that no escape is cut. */
function shortened(text: string): string {
  if (text.length <= mostCharacters) return text
  return `${text.slice(0, text.lastIndexOf('\n', mostCharacters - 2))}\n…`
}

function expectTaken(kind: WebhookKind, { status, body }: { status: number; body: Buffer }): void {
  if (status >= 300 && status < 400) throw new Error(`it redirects (${status}), which is not followed`)
  if (status < 200 || status > 299) throw new Error(`it answered ${status}`)
  if (kind !== 'dingtalk') return
  // DingTalk answers 200 to a refusal.
  const { errcode, errmsg } = dingtalkAnswer(body.toString('utf8'))
  if (errcode === 0) return
  const remedy = dingtalkRemedies.find(([pattern]) => pattern.test(errmsg))?.[1] ?? ''
  throw new Error(`DingTalk refused it with error ${errcode}${remedy}`)
}

/** Remedies for its error 310000, by the reasons in its message, which is English or Chinese. */
const dingtalkRemedies: [RegExp, string][] = [
  [/keyword|关键词/i, '; the robot needs the keyword "Edgekeep"'],
  [/sign|timestamp|签名/i, '; the signing secret is missing or not that of the robot, or the clock is wrong'],
  [/whitelist|\bip\b/i, '; the robot does not allow the address of this computer'],
]

function dingtalkAnswer(text: string): { errcode: number; errmsg: string } {
  try {
    const { errcode, errmsg } = JSON.parse(text) as { errcode?: unknown; errmsg?: unknown }
    return { errcode: typeof errcode === 'number' ? errcode : -1, errmsg: String(errmsg) }
  } catch {
    return { errcode: -1, errmsg: '' }
  }
}
