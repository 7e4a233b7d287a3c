import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { controlAddress } from '../../src/contract/engine/control-address.ts'
import { openControlSocket } from '../../src/engine/control-socket.ts'
import { updateTxt } from '../../src/engine/acme/client/dns-update.ts'
import { nameServersBy } from '../../src/engine/acme/client/name-servers.ts'
import { txtLookup } from '../../src/engine/acme/client/txt-lookup.ts'
import { findInstallation } from '../../src/engine-process/installation.ts'
import { startWebHost } from '../../src/web/web-host.ts'
import { openAcmeServer } from '../support/acme/server.ts'
import { startBind, whyNoBind, type Bind } from '../support/acme/bind.ts'
import { openBrowser, type BrowserRun } from '../support/browser/browser.ts'
import { openTestEngine, originAt, testEdge, type TestEngine } from '../support/engine/engine.ts'
import { unless } from '../support/needs.ts'
import { lookOver } from './pictures.ts'

const records = { 'shop.test': ['@ NS ns', '@ NS ns2', 'ns A 127.0.0.1', 'ns2 A 127.0.0.2'] }

/** The engine asks two BINDs in place of the world's name servers; the second, 127.0.0.2 in the zone, is never told. */
describe('a certificate by the DNS', unless(whyNoBind()), () => {
  let first: Bind
  let second: Bind
  let opened: TestEngine
  let browser: BrowserRun
  const endings: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    first = await startBind({ records })
    endings.push(() => first.close())
    second = await startBind({ records })
    endings.push(() => second.close())
    const server = await openAcmeServer({ dnsPort: first.port })
    endings.push(() => server.close())
    const resolver = [`127.0.0.1:${first.port}`]
    const portAt = (address: string) => `127.0.0.1:${(address === '127.0.0.1' ? first : second).port}`
    opened = await openTestEngine(undefined, undefined, testEdge, {
      lookupTxt: txtLookup(resolver),
      nameServers: nameServersBy({ resolver, portAt }),
    })
    endings.push(() => opened.close())
    const { acme, domains } = opened.client
    const rootsPem = (await server.opened.client.authority.get())!.root.pem
    await acme.addAccount({ name: 'Local', directory: server.directory, rootsPem })
    const { port, zone, keyName, secret } = first
    const settings = { kind: 'rfc2136', server: '127.0.0.1', port, zone, keyName } as const
    await acme.addDnsMethod({ name: 'bind', settings, secret })
    await domains.add({ name: 'shop.test', origin: originAt(9) })
    const socketPath = controlAddress(opened.folder)!
    const socket = await openControlSocket(socketPath, opened.engine)
    endings.push(() => socket.close())
    const host = await startWebHost({
      home: { socketPath },
      rendererFolder: findInstallation().rendererFolder,
    })
    endings.push(() => host.close())
    browser = await openBrowser()
    endings.push(() => browser.close())
    const window = await browser.context.newPage()
    await window.goto(host.url)
  }, 120_000)
  afterAll(async () => {
    for (const end of endings.toReversed()) await end()
  })

  const set = ({ port, zone, secret }: Bind, name: string, value: string) =>
    updateTxt(
      { server: '127.0.0.1', port, zone, keyName: 'acme', algorithm: 'hmac-sha256' },
      Buffer.from(secret, 'base64'),
      { act: 'add', name, value },
    )
  test('says which record to set once and whether it is there, and which name servers an order waits for', async () => {
    const window = browser.context.pages().at(-1)!
    await window.getByRole('link', { name: 'shop.test' }).click()
    await window.getByRole('button', { name: 'Turn on HTTPS' }).click()
    const dialog = window.getByRole('dialog', { name: 'HTTPS settings for shop.test' })
    const choose = async (label: string, option: string) => {
      await dialog.getByLabel(label).first().click()
      await window.getByRole('option', { name: option, exact: true }).click()
    }
    await dialog.getByRole('radio', { name: 'Free' }).click()
    await choose('Issued by', 'Local')
    await choose('How the authority validates the domain', 'A TXT record that I set once (dns-persist-01)')
    await dialog.getByRole('button', { name: 'Show the record to set' }).click()
    await dialog.getByText('There is no such record yet.').waitFor()
    await lookOver(window, 'acme-persistent')
    const name = '_validation-persist.shop.test'
    const shown = (fact: number) => dialog.getByRole('definition').nth(fact).locator('span').first()
    expect(await shown(0).textContent()).toBe(name)
    const value = (await shown(1).textContent()) ?? ''
    expect(value).toMatch(/^edgekeep\.internal; accounturi=https:\/\/localhost:\d+\//)
    await set(first, name, value)
    await dialog.getByRole('button', { name: 'Look again' }).click()
    await dialog.getByText('It is set.').waitFor()

    await choose('How the authority validates the domain', 'A DNS record, set by “bind” (dns-01)')
    await dialog.getByRole('button', { name: 'Order certificate' }).click()
    await dialog.getByText('Waiting for the name servers of shop.test: 1 of 2 have the record.').waitFor()
    await dialog.getByText('ns2.shop.test (127.0.0.2) has no such record').waitFor()
    expect(await dialog.getByRole('status').getByRole('listitem').allTextContents()).toEqual([
      'ns2.shop.test (127.0.0.2) has no such record',
    ])
    await lookOver(window, 'acme-late-servers')
    const [challenge = ''] = await first.txt('_acme-challenge.shop.test')
    await set(second, '_acme-challenge.shop.test', challenge)
    await dialog.waitFor({ state: 'hidden' })
    await window.getByText(/^Automatically, on .*, from Local/).waitFor()
  })
})
