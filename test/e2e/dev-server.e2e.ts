import { rmSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { curingHost, devServerHint } from '../../src/domain/dev-servers.ts'
import { openBrowser, type BrowserRun } from '../support/browser/browser.ts'
import { whyNoBrowserTrust } from '../support/browser/browser-trust.ts'
import { createTestAuthority, issueTestLeaf } from '../support/pki/certificates.ts'
import { startDevServer, watchUpdate } from '../support/edge/dev-servers.ts'
import { routeTo, startTestEdge, type TestEdge } from '../support/edge/edge.ts'
import { temporaryFolder } from '../support/engine/engine.ts'

/** The others have to be installed first: `npm run conformance -- dev-servers`. */
const authority = createTestAuthority({ commonName: 'Development test authority' })
const noTrust = whyNoBrowserTrust()
let edge: TestEdge
let browser: BrowserRun
let folder: string

beforeAll(async () => {
  if (noTrust) return
  folder = temporaryFolder()
  edge = await startTestEdge([], { leaves: { shop: issueTestLeaf(authority, { names: ['shop.test'] }) } })
  browser = await openBrowser({ authorityPem: authority.certificatePem, hosts: ['shop.test'] })
})
afterAll(async () => {
  if (noTrust) return
  await browser?.close()
  await edge?.close()
  rmSync(folder, { recursive: true })
})
beforeEach((context) => {
  if (noTrust) context.skip(noTrust)
})

/** Visits a Vite page that changes while it is open, through the edge and then directly. */
async function visit(lines: string, hostHeader: string | null = null) {
  const server = await startDevServer('dev-server.vite', { folder, modules: 'node_modules', lines })
  try {
    edge.apply({ routes: [routeTo(server.port, { origin: { hostHeader } })] })
    const behind = await watchUpdate(browser.context, `https://shop.test:${edge.https}/`, server, 5_000)
    server.show('first')
    return {
      behind,
      directly: await watchUpdate(browser.context, `http://127.0.0.1:${server.port}/`, server),
    }
  } finally {
    await server.close()
  }
}

test('Vite rejects the name without the line that the finding gives', async () => {
  const { behind, directly } = await visit('')
  expect(behind).toEqual({ status: 403, heard: [], isUpdated: false })
  expect(directly).toMatchObject({ status: 200, isUpdated: true })
})

test('Vite sends its updates through the edge when the edge sends it "Host: localhost"', async () => {
  const { behind } = await visit('', curingHost)
  expect(behind).toMatchObject({ status: 200, isUpdated: true })
})

test('Vite sends its updates through the edge, and directly as before, with that line', async () => {
  const { behind, directly } = await visit(devServerHint('dev-server.vite', 'shop.test')!.lines)
  expect(behind).toMatchObject({ status: 200, isUpdated: true })
  expect(behind.heard).toEqual([expect.stringContaining(`wss://shop.test:${edge.https}/`)])
  expect(directly).toMatchObject({ status: 200, isUpdated: true })
})
