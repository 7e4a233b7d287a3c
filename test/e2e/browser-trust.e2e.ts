import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser, type BrowserRun } from '../support/browser/browser.ts'
import { whyNoBrowserTrust } from '../support/browser/browser-trust.ts'
import { createTestAuthority, issueTestLeaf, type TestAuthority } from '../support/pki/certificates.ts'

let server: Server
let authority: TestAuthority
let browser: BrowserRun | undefined

beforeAll(async () => {
  authority = createTestAuthority({ commonName: 'Browser test authority' })
  const leaf = issueTestLeaf(authority, { names: ['shop.test'] })
  server = createServer({ key: leaf.keyPem, cert: leaf.chainPem }, (_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>Shop</title><h1>Open</h1>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  await browser?.close()
  browser = undefined
})
afterAll(() => {
  server.close()
})

async function visit(options: { authorityPem?: string; host?: string }) {
  const host = options.host ?? 'shop.test'
  browser = await openBrowser({ authorityPem: options.authorityPem, hosts: [host] })
  const page = await browser.context.newPage()
  const { port } = server.address() as AddressInfo
  return page.goto(`https://${host}:${port}/`)
}

describe('the browser of the e2e tests validates for real', () => {
  test('loads a page whose authority its profile trusts', async (context) => {
    const reason = whyNoBrowserTrust()
    if (reason) context.skip(reason)
    const response = await visit({ authorityPem: authority.certificatePem })
    expect(await response?.securityDetails()).toMatchObject({
      subjectName: 'shop.test',
      issuer: 'Browser test authority',
      protocol: 'TLS 1.3',
    })
    expect(await response?.text()).toContain('<h1>Open</h1>')
  })

  test('refuses the same page where the authority is not trusted', async () => {
    await expect(visit({})).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID')
  })

  test('refuses a name that the certificate does not cover, though its authority is trusted', async (context) => {
    const reason = whyNoBrowserTrust()
    if (reason) context.skip(reason)
    const other = visit({ authorityPem: authority.certificatePem, host: 'other.test' })
    await expect(other).rejects.toThrow('ERR_CERT_COMMON_NAME_INVALID')
  })
})
