import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProxyView } from '../../src/contract/names/names.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { openTestEngine, originAt, testEdge, type TestEngine } from '../support/engine/engine.ts'
import { freePort } from '../support/free-port.ts'

let opened: TestEngine
let origin: Server
let view: ProxyView
let port: number

beforeAll(async () => {
  origin = createServer((_, response) => response.end('<h1>The shop</h1>'))
  await new Promise<void>((ready) => origin.listen(0, '127.0.0.1', ready))
  opened = await openTestEngine(undefined, undefined, testEdge)
  const { client } = opened
  await client.domains.add({
    name: 'shop.test',
    origin: originAt((origin.address() as AddressInfo).port),
  })
  port = await freePort()
  view = await client.names.setProxy({ port })
})
afterAll(async () => {
  await opened.close()
  origin.close()
})

/** Chromium's page text for http://shop.test/, or its network error. */
async function seenWith(pacUrl: string): Promise<string> {
  const { context, close } = await openBrowser({ switches: [`--proxy-pac-url=${pacUrl}`] })
  try {
    const page = await context.newPage()
    await page.goto('http://shop.test/')
    return (await page.textContent('body')) ?? ''
  } catch (error) {
    return /net::\w+/.exec((error as Error).message)?.[0] ?? String(error)
  } finally {
    await close()
  }
}

describe('The PAC file in Chromium', () => {
  test('leads to the edge from its port and from a data: URL', async () => {
    expect(await seenWith(view.pacUrl!)).toBe('The shop')
    expect(await seenWith(view.pacDataUrl!)).toBe('The shop')
  })

  test('is replaced by a stranger who takes its port while Edgekeep has it not, but not in a data: URL', async () => {
    const asked: string[] = []
    const stranger = createServer((request, response) => {
      asked.push(request.url ?? '')
      const { port: own } = stranger.address() as AddressInfo
      if (request.url !== '/proxy.pac') return void response.end('By the stranger')
      response.setHeader('content-type', 'application/x-ns-proxy-autoconfig')
      response.end(`function FindProxyForURL() { return 'PROXY 127.0.0.1:${own}' }`)
    })
    await opened.engine.context.parts.proxy.close()
    await new Promise<void>((ready) => stranger.listen(port, '127.0.0.1', ready))
    try {
      expect(await seenWith(view.pacUrl!)).toBe('By the stranger')
      asked.length = 0
      expect(await seenWith(view.pacDataUrl!)).toBe('The shop')
      expect(asked.filter((url) => url.includes('proxy.pac'))).toEqual([])
    } finally {
      stranger.closeAllConnections()
      stranger.close()
    }
  })

  test('is not read from a file: Chromium takes none', async () => {
    expect(await seenWith(view.pacFileUrl!)).toMatch(/^net::ERR_/)
  })
})
