import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { testMessage } from '../../../../src/engine/notices/notice-text.ts'
import { parseWebhookSecret, sendWebhook, type WebhookKind } from '../../../../src/engine/notices/webhook.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'

const authority = createTestAuthority()
const before = getCACertificates('default')
beforeAll(() => setDefaultCACertificates([...before, authority.certificatePem]))
afterAll(() => setDefaultCACertificates(before))

const at = new Date('2026-11-29T10:00:00.000Z')
const signingSecret = 'SEC0123456789abcdef'

interface Asked {
  url: URL
  contentType: string | undefined
  body: string
}

/** HTTPS server on this computer. Returns its origin. */
async function startService(answer: (asked: Asked) => { status: number; body: string }): Promise<string> {
  const { chainPem, keyPem } = issueTestLeaf(authority, { names: ['localhost'] })
  const server = createServer({ cert: chainPem, key: keyPem }, (request, response) => {
    void text(request).then((body) => {
      const url = new URL(request.url ?? '', 'https://localhost')
      const answered = answer({ url, contentType: request.headers['content-type'], body })
      response.writeHead(answered.status).end(answered.body)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `https://localhost:${(server.address() as AddressInfo).port}`
}

/** Answers as DingTalk documents it for a robot with the keyword "Edgekeep", or with signatures. */
function startDingtalk(security: 'keyword' | 'signature'): Promise<string> {
  const refused = (errmsg: string) => ({ status: 200, body: JSON.stringify({ errcode: 310_000, errmsg }) })
  return startService(({ url, contentType, body }) => {
    const { msgtype, text: sent } = JSON.parse(body) as { msgtype: string; text: { content: string } }
    if (contentType !== 'application/json' || msgtype !== 'text')
      return { status: 200, body: '{"errcode":43004}' }
    if (url.searchParams.get('access_token') !== 'token+1') return { status: 200, body: '{"errcode":300005}' }
    if (security === 'keyword' && !sent.content.includes('Edgekeep'))
      return refused('keywords not in content')
    const timestamp = url.searchParams.get('timestamp') ?? ''
    const sign = createHmac('sha256', signingSecret).update(`${timestamp}\n${signingSecret}`).digest('base64')
    const isSigned = timestamp === String(at.getTime()) && url.searchParams.get('sign') === sign
    if (security === 'signature' && !isSigned) return refused('错误描述:机器人发送签名不匹配')
    return { status: 200, body: '{"errcode":0,"errmsg":"ok"}' }
  })
}

function send(kind: WebhookKind, secret: string, message = testMessage): Promise<void> {
  const signal = AbortSignal.timeout(30_000)
  return sendWebhook(kind, parseWebhookSecret(secret), { message, at, signal })
}

describe('a robot of DingTalk', () => {
  test('takes a message with its keyword', async () => {
    const origin = await startDingtalk('keyword')
    await expect(send('dingtalk', `${origin}/robot/send?access_token=token%2B1\n`)).resolves.toBeUndefined()
  })

  test('takes a message with its signature', async () => {
    const secret = `${await startDingtalk('signature')}/robot/send?access_token=token%2B1\n${signingSecret}`
    await expect(send('dingtalk', secret)).resolves.toBeUndefined()
  })

  test('is not advised a keyword where the signature is missing', async () => {
    const origin = await startDingtalk('signature')
    await expect(send('dingtalk', `${origin}/robot/send?access_token=token%2B1`)).rejects.toThrow(
      'DingTalk refused it with error 310000; the signing secret is missing or not that of the robot, or the clock is wrong',
    )
  })

  test('is not advised anything for another refusal', async () => {
    const origin = await startDingtalk('keyword')
    await expect(send('dingtalk', `${origin}/robot/send?access_token=other`)).rejects.toThrow(
      /^DingTalk refused it with error 300005$/,
    )
  })
})

test('Slack gets whole lines of at most 4,000 characters, in which names are no markup', async () => {
  const asked: Asked[] = []
  const origin = await startService((each) => {
    asked.push(each)
    return { status: 200, body: 'ok' }
  })
  const lines = Array.from({ length: 50 }, (_, at) => `<${at}.test> & ${'x'.repeat(100)} expires`)
  await send('slack', `${origin}/services/T0/B0/key`, { ...testMessage, text: lines.join('\n') })
  const { text: sent } = JSON.parse(asked[0]?.body ?? '') as { text: string }
  expect(sent.length).toBeLessThanOrEqual(4_000)
  expect(sent).toMatch(/^Edgekeep: Test\n&lt;0\.test&gt; &amp; x+ expires\n/)
  expect(sent).toMatch(/ expires\n…$/)
})

test('a webhook without a certificate that is trusted here gets nothing', async () => {
  const asked: Asked[] = []
  const origin = await startService((each) => {
    asked.push(each)
    return { status: 200, body: 'ok' }
  })
  setDefaultCACertificates(before)
  onTestFinished(() => setDefaultCACertificates([...before, authority.certificatePem]))
  await expect(send('slack', `${origin}/services/T0/B0/key`)).rejects.toMatchObject({
    code: 'SELF_SIGNED_CERT_IN_CHAIN',
  })
  expect(asked).toEqual([])
})
