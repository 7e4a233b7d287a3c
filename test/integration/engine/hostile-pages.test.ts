import type { IncomingMessage, ServerResponse } from 'node:http'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startOrigin, type TestOrigin } from '../../support/edge/origin.ts'
import { openTestEngine, originAt, testEdge, type TestEngine } from '../../support/engine/engine.ts'
import { requestOf } from '../../support/edge/edge-request.ts'

/**
 * Threat: pages written against their reader. The worker reads pages that it passes on, and the engine those
 * of a check; neither may crash, hang or miss findings of later pages.
 */
const domain = 'shop.test'
const canary = '<script src=http://canary.test/x.js></script>'
const kibibyte = 1024

let opened: TestEngine
let origin: TestOrigin
let answer: (response: ServerResponse) => void
let ask: ReturnType<typeof requestOf>

beforeAll(async () => {
  opened = await openTestEngine(undefined, undefined, testEdge)
  origin = await startOrigin((request: IncomingMessage, response) => {
    if (request.url?.startsWith('/canary'))
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(canary)
    else answer(response)
  })
  const { client } = opened
  await client.domains.add({ name: domain, origin: originAt(origin.port) })
  await client.https.enable({ domain, source: { type: 'free' } })
  await client.domains.setPolicies({
    domains: [domain],
    policies: { findings: { watch: true }, hsts: { days: null } },
  })
  ask = requestOf((await client.engine.status()).edge.https?.port ?? 0)
}, 30_000)
afterAll(async () => {
  await opened.close()
  await origin.close()
})
beforeEach(() => opened.client.findings.clear({ domain }))

const found = async () =>
  (await opened.client.findings.list({ domain })).map(({ path, kind, example }) =>
    `${path} ${kind} ${example}`.trim(),
  )
const workers = async () => {
  const { restarts, workerPids } = (await opened.client.engine.status()).edge
  return { restarts, workerPids }
}

const page = (body: string | Buffer, coding = ''): void => {
  answer = (response) => {
    response.writeHead(200, {
      'Content-Type': 'text/html',
      ...(coding === '' ? {} : { 'Content-Encoding': coding }),
    })
    response.end(body)
  }
}

/** Writes at the reader's speed. */
const endless = (piece: Buffer, times: number): void => {
  answer = (response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' })
    let left = times
    const more = (): void => {
      while ((left -= 1) >= 0) if (!response.write(piece)) return void response.once('drain', more)
      response.end()
    }
    more()
  }
}

const fill = (text: string, kib = 400) => text.repeat(Math.ceil((kib * kibibyte) / text.length))
/** RFC 8878, section 3.1.1: a frame with a window of 128 MiB, and a last block, raw, of one byte. */
const widestZstd = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 17 << 3, 0x09, 0x00, 0x00, 0x20])

const hostile: [name: string, serve: () => void][] = [
  ['elements named for what every object has', () => page('<constructor><__proto__><toString src=http://a>')],
  ['attributes named for what every object has', () => page('<img __proto__=x constructor=y src=/a>')],
  ['a coding named for what every object has', () => page('<p>', '__proto__')],
  ['a coding named for a function of every object', () => page('<p>', 'constructor')],
  ['a coding that is no word', () => page('<p>', `gzip, ${fill('br,', 4)}`)],
  ['400 KiB of blanks in a refresh', () => page(`<meta http-equiv=refresh content="${fill(' ')}">`)],
  ['400 KiB of digits in a refresh', () => page(`<meta http-equiv=refresh content="${fill('1 ')}x">`)],
  [
    'a policy of 400 KiB of semicolons',
    () => page(`<meta http-equiv=content-security-policy content="${fill('; ')}">`),
  ],
  [
    'a policy of 400 KiB of insecure sources',
    () => page(`<meta http-equiv=content-security-policy content="img-src ${fill('http://a ')}">`),
  ],
  ['elements that are never closed', () => page(fill('<div><p><form>'))],
  ['a tag that is never closed', () => page(`<img ${fill('a=1 ')}`)],
  ['a quote that is never closed', () => page(`<img src="${fill('http://a')}`)],
  ['a comment that is never closed', () => page(fill('<!-- --! '))],
  ['a style that is never closed', () => page(`<style>${fill('</styl @import url(   ')}`)],
  ['a style full of addresses', () => page(`<style>${fill('url(http://a)')}</style>`)],
  ['a style attribute full of blanks', () => page(`<p style="http:${fill('url(                    ')}">`)],
  ['a srcset of commas and addresses', () => page(`<img srcset="${fill('http://a,')}">`)],
  ['entities without end', () => page(`<img src="${fill('&amp;&#x41;&lt')}">`)],
  ['closing tags alone', () => page(fill('</div></p>'))],
  ['a megabyte of zero bytes', () => page(Buffer.alloc(1024 * kibibyte))],
  ['50 MB of <', () => endless(Buffer.alloc(64 * kibibyte, '<'), 800)],
  ['a gzip that unpacks to 256 MB', () => page(gzipSync(Buffer.alloc(256 * 1024 * kibibyte, '<a ')), 'gzip')],
  ['a brotli that unpacks to 64 MB', () => page(bomb(brotliCompressSync), 'br')],
  ['a zstd that asks for 128 MiB', () => page(widestZstd, 'zstd')],
  ['a gzip that is cut', () => page(gzipSync(canary).subarray(0, 30), 'gzip')],
  ['what is no gzip', () => page(canary, 'gzip')],
]

function bomb(compress: (bytes: Buffer, options: object) => Buffer): Buffer {
  return compress(Buffer.alloc(64 * 1024 * kibibyte, '<a '), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 4 },
  })
}

describe('the edge serves on, and goes on looking, after', () => {
  test.each(hostile)(
    '%s',
    async (name, serve) => {
      serve()
      const before = await workers()
      const answered = await ask('/hostile')
      expect(answered.status).toBe(200)
      // A canary page after the hostile one proves that the worker has read it and still reads.
      const path = `/canary-${hostile.findIndex(([each]) => each === name)}`
      await ask(path)
      await expect.poll(found, { timeout: 20_000 }).toContain(`${path} mixed.blocked http://canary.test/x.js`)
      expect(await workers()).toEqual(before)
    },
    40_000,
  )
})

describe('a check ends with an answer about', () => {
  test.each(hostile)(
    '%s',
    async (_name, serve) => {
      serve()
      const before = await workers()
      const { steps, ok } = await opened.client.domains.check({ domain })
      expect(steps.find(({ id }) => id === 'response')).toMatchObject({ ok: true, seen: 'It answers 200.' })
      expect(ok).toBe(true)
      expect(await workers()).toEqual(before)
    },
    40_000,
  )
})
