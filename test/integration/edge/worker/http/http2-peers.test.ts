import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { absent, unless } from '../../../../support/needs.ts'
import { openBrowser } from '../../../../support/browser/browser.ts'
import { openFirefox, whyNoFirefox } from '../../../../support/browser/firefox.ts'
import { edgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'
import { routeTo } from '../../../../support/edge/edge.ts'
import { caseFields, startFieldsOrigin } from '../../../../support/edge/http2-peers/fields-origin.ts'
import { behind, inFront, startProxy } from '../../../../support/edge/http2-peers/proxies.ts'
import { casesOf } from '../../../../support/long-form.ts'
import { createTestAuthority, issueTestLeaf } from '../../../../support/pki/certificates.ts'

const run = promisify(execFile)
const programs = join(import.meta.dirname, '../../../../support/edge/http2-peers')
const authority = createTestAuthority()
/** Long form: `npm run conformance -- http2-peers`. The short one has curl alone, which starts at once. */
const onlyInLongForm = { timeout: 240_000 }

describe('HTTP/2 of real peers', () => {
  const edge = edgeWithOrigin(startFieldsOrigin, {
    leaves: { local: issueTestLeaf(authority, { names: ['localhost'] }) },
    routes: (port) => [routeTo(port, { domain: 'localhost', certificateId: 'local' })],
  })
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-peers-'))
  const authorityFile = join(folder, 'authority.pem')
  const closers: (() => unknown)[] = []
  beforeAll(() => writeFileSync(authorityFile, authority.certificatePem))
  afterAll(() => rmSync(folder, { recursive: true }))
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
    expect(edge.faults).toEqual([])
    edge.apply({ routes: [routeTo(edge.origin.port, { domain: 'localhost', certificateId: 'local' })] })
  })

  const clients: [name: string, needed: string[], words: (base: string) => string[]][] = [
    ['httpx (Python)', ['python3'], (base) => ['/usr/bin/python3', `${programs}/client.py`, base]],
    ['HttpClient (Java)', ['javac'], (base) => ['java', `${programs}/Client.java`, base]],
    ['net/http (Go)', ['go'], (base) => ['go', 'run', `${programs}/client.go`, base]],
  ]
  test.each(casesOf(clients, () => false))(
    '%s gets its fields through, many at a time, and bodies both ways',
    onlyInLongForm,
    async (_name, needed, words) => {
      expect(absent(...needed)).toBeNull()
      const [program, ...args] = words(`https://localhost:${edge.https}`)
      const env = { ...process.env, GOCACHE: join(folder, 'go'), GOFLAGS: '-mod=mod' }
      const { stdout } = await run(program!, [...args, authorityFile], { env })
      expect(stdout).toBe('passed\n')
    },
  )

  /** Fields of 120 cases in one run of curl, 40 at a time, and bodies both ways. */
  async function curlThrough(base: string, ...flags: string[]): Promise<void> {
    const upload = join(folder, 'upload')
    writeFileSync(upload, Buffer.alloc(3_000_000))
    const common = ['-s', '-S', '--cacert', authorityFile, '--max-time', '60', ...flags]
    const numbers = Array.from({ length: 120 }, (_, number) => number)
    const each = numbers.flatMap((number) => [
      ...(number === 0 ? [] : ['--next']),
      ...common,
      ...Object.entries(caseFields(number)).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
      ...['-o', '/dev/null', '-w', `%{http_code} %header{x-case} %header{x-turn}\n`, `${base}/fields`],
    ])
    const { stdout } = await run('curl', ['-Z', '--parallel-max', '40', ...each], { maxBuffer: 2 ** 24 })
    expect(stdout.trim().split('\n').sort()).toEqual(
      numbers.map((number) => `200 ${number} answer ${number % 3}`).sort(),
    )
    const sent = await run('curl', [...common, '-T', upload, `${base}/upload`])
    expect(sent.stdout).toBe('3000000')
    const size = ['-o', '/dev/null', '-w', '%{size_download}']
    const received = await run('curl', [...common, ...size, `${base}/download`])
    expect(received.stdout).toBe('5000000')
  }

  test('curl gets its fields through, many at a time, and bodies both ways', unless(absent('curl')), () =>
    curlThrough(`https://localhost:${edge.https}`, '--http2'),
  )

  test.each(casesOf(Object.entries(behind), () => false))(
    '%s as an origin gets fields and bodies',
    onlyInLongForm,
    async (program, configure) => {
      expect(absent(program)).toBeNull()
      const proxy = await startProxy(program, configure, edge.origin.port)
      closers.push(proxy.close)
      const origin = { protocol: 'h2c' as const }
      edge.apply({ routes: [routeTo(proxy.port, { domain: 'localhost', certificateId: 'local', origin })] })
      await curlThrough(`https://localhost:${edge.https}`, '--http2')
    },
  )

  test.each(casesOf(Object.entries(inFront), () => false))(
    '%s in front of the edge gets fields and bodies through',
    onlyInLongForm,
    async (program, configure) => {
      expect(absent(program)).toBeNull()
      const proxy = await startProxy(program, configure, edge.https, authority.certificatePem)
      closers.push(proxy.close)
      await curlThrough(`http://127.0.0.1:${proxy.port}`)
    },
  )

  const seenInPage = 'true,3000000,5000000,h2'

  test.each(casesOf(['Chromium'], () => false))('%s sends and gets bodies', onlyInLongForm, async () => {
    const browser = await openBrowser({ authorityPem: authority.certificatePem, hosts: ['localhost'] })
    closers.push(browser.close)
    const page = await browser.context.newPage()
    await page.goto(`https://localhost:${edge.https}/page`)
    await expect.poll(() => page.title(), { timeout: 60_000 }).toBe(seenInPage)
  })

  test.each(casesOf(['Firefox'], () => false))('%s sends and gets bodies', onlyInLongForm, async () => {
    expect(whyNoFirefox()).toBeUndefined()
    const firefox = await openFirefox({ authorityPem: authority.certificatePem, hosts: ['localhost'] })
    closers.push(() => firefox.close())
    await firefox.visit(`https://localhost:${edge.https}/page`)
    await expect.poll(() => firefox.title(), { timeout: 60_000 }).toBe(seenInPage)
  })
})
