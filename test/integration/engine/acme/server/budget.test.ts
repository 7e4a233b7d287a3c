import { randomBytes, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { controlAddress } from '../../../../../src/contract/engine/control-address.ts'
import { openControlSocket } from '../../../../../src/engine/control-socket.ts'
import { createRevocationTrail } from '../../../../../src/engine/acme/server/revocation-trail.ts'
import { openAcmeServer, type OpenedAcme } from '../../../../support/acme/server.ts'
import { RawAcme, type AcmeReply } from '../../../../support/acme/requests.ts'
import { edgekeepProcess } from '../../../../support/processes/cli.ts'

let at: OpenedAcme
beforeAll(async () => {
  at = await openAcmeServer({ waived: ['waived.test'] })
})
afterAll(() => at.close())

const typeOf = (reply: AcmeReply) => String(reply.json()['type']).replace('urn:ietf:params:acme:error:', '')
const vault = () => at.opened.engine.context.parts.vault

async function registered(payload: object = {}): Promise<RawAcme> {
  const client = new RawAcme(at)
  await client.register(payload)
  return client
}

/** Accounts as clients would have created them, without the time that takes. */
function fillAccounts(count: number, seenAt: string): string[] {
  const add = () => {
    const id = randomBytes(12).toString('base64url')
    const own = { id, thumbprint: id, jwk: {}, contacts: [], binding: null, userAgent: 'flood' }
    vault().acmeServer.add({ ...own, status: 'valid', createdAt: seenAt, seenAt })
    return id
  }
  return vault().change(() => Array.from({ length: count }, add))
}

/** A certificate on record as large as one of 100 long names. */
function addIssued(accountId: string, days = 90): string {
  const serial = randomBytes(16).toString('hex')
  const notAfter = new Date(Date.now() + days * 86_400_000).toISOString()
  const certificatePem = 'x'.repeat(33 * 1024)
  const facts = { serial, fingerprintSha256: serial, issuerSpkiSha256: 'one', title: serial, notAfter }
  vault().issued.addAll([{ ...facts, source: 'acme', accountId, certificatePem }])
  return serial
}

test('certificates are listed page by page, the newest first', async () => {
  const client = await registered()
  const names = ['a.waived.test', 'b.waived.test', 'c.waived.test']
  for (const name of names) await client.certificate([name])
  const { localCertificates } = at.opened.client
  const titles: string[] = []
  let after: number | undefined
  do {
    const page = await localCertificates.issued({ limit: 2, after })
    titles.push(...page.issued.map(({ title }) => title))
    after = page.next ?? undefined
  } while (after !== undefined)
  expect(titles).toEqual(names.toReversed())
})

test('the command line lists, ends and removes accounts', async () => {
  const { kid } = await registered({ contact: ['mailto:bob@shop.test'] })
  const id = kid.split('/').at(-1)!
  const { engine, folder } = at.opened
  const socket = await openControlSocket(controlAddress(folder)!, engine)
  const accounts = (...args: string[]) => edgekeepProcess(folder, ['acme', 'accounts', ...args])
  expect((await accounts()).out).toMatch(new RegExp(`^${id} +unknown +mailto:bob@shop.test +valid +0 `, 'm'))
  expect((await accounts('--end', id, '--remove', id)).status).toBe(2)
  expect((await accounts('--end', id, '--yes')).out).toContain('is deactivated')
  expect((await accounts('--json')).out).toContain('"deactivated"')
  expect((await accounts('--remove', id, '--yes')).out).toContain('is removed')
  const gone = await accounts('--remove', id, '--yes')
  expect(gone.status).not.toBe(0)
  expect(gone.err).toContain(`The ACME server has no account "${id}"`)
  await socket.close()
})

describe('revocations by clients', () => {
  test('are one row of the audit trail where there is a storm of them', async () => {
    const client = await registered()
    const names = Array.from({ length: 8 }, (_, index) => `revoked-${index}.waived.test`)
    const ders: string[] = []
    for (const name of names)
      ders.push(new X509Certificate((await client.certificate([name])).pem).raw.toString('base64url'))
    for (const certificate of ders)
      expect((await client.post('/revoke-cert', { certificate })).status).toBe(200)
    const rows = await at.opened.client.audit.list({ limit: 1000 })
    expect(rows.filter(({ action }) => action === 'issue.revoke')).toMatchObject([
      { actor: 'ACME client', after: { name: names[0] } },
    ])
    expect(
      vault()
        .issued.list()
        .filter(({ revokedAt }) => revokedAt !== null),
    ).toHaveLength(8)
  })

  test('are recorded together once minutes have passed, or the engine ends', async () => {
    const rows = async () =>
      (await at.opened.client.audit.list({ limit: 1000 })).filter(
        ({ action }) => action === 'acme-server.revocations',
      )
    const failed = (error: unknown) => expect.fail(String(error))
    const trailOf = (everyMs: number) => createRevocationTrail({ vault: vault(), clock, failed, everyMs })
    const clock = () => new Date()
    const quick = trailOf(20)
    const [row] = vault().issued.list()
    for (let count = 0; count < 5; count += 1) quick.revoke(row!, 0)
    await expect.poll(rows).toMatchObject([{ actor: 'ACME client', after: { certificates: 4 } }])
    const slow = trailOf(3_600_000)
    for (let count = 0; count < 4; count += 1) slow.revoke(row!, 0)
    slow.close()
    expect(await rows()).toMatchObject([{ after: { certificates: 3 } }, { after: { certificates: 4 } }])
    slow.close()
    quick.close()
    expect(await rows()).toHaveLength(2)
  })
})

describe('the accounts', () => {
  test('prune those without a valid certificate above 1,000, and keep the rest', async () => {
    const served = await registered()
    await served.certificate(['served.waived.test'])
    const active = await registered()
    const own = vault().acmeServer.count()
    const [oldest = '', next = ''] = [
      ...fillAccounts(1, '2026-01-01T00:00:00.000Z'),
      ...fillAccounts(1, '2026-01-02T00:00:00.000Z'),
    ]
    fillAccounts(1000 - own - 2, '2026-02-01T00:00:00.000Z')
    vault().acmeServer.update(next, { status: 'deactivated' })
    const newcomer = await registered()
    expect(newcomer.kid).not.toBe('')
    expect((await newcomer.certificate(['newcomer.waived.test'])).order['status']).toBe('valid')
    expect(vault().acmeServer.get(next)).toBeUndefined()
    expect(vault().acmeServer.get(oldest)).toBeDefined()
    await registered()
    expect(vault().acmeServer.get(oldest)).toBeUndefined()
    expect(vault().acmeServer.count()).toBe(1000)
    for (const client of [served, active]) expect((await client.post(client.kid, null)).status).toBe(200)
  })

  test('are refused with a time where each of the 1,000 has a valid certificate', async () => {
    const { accounts } = await at.opened.client.acmeServer.accounts({ limit: 500 })
    expect(accounts).toHaveLength(500)
    const leastUsed = () => vault().acmeServer.leastUsed(new Date())
    const issue = (id: string) =>
      vault().issued.addAll([
        {
          serial: id,
          fingerprintSha256: id,
          issuerSpkiSha256: 'one',
          title: 'one',
          source: 'acme',
          accountId: id,
          certificatePem: '',
          notAfter: '2099-01-01T00:00:00.000Z',
        },
      ])
    vault().change(() => {
      for (let left = leastUsed(); left; left = leastUsed()) issue(left.id)
    })
    const refused = await new RawAcme(at).register()
    expect(typeOf(refused)).toBe('rateLimited')
    expect(refused.headers['retry-after']).toBe('3600')
  })

  test('are listed page by page, ended and removed', async () => {
    const { acmeServer, audit } = at.opened.client
    const listed: string[] = []
    let after: number | undefined
    do {
      const page = await acmeServer.accounts({ limit: 300, after })
      listed.push(...page.accounts.map(({ id }) => id))
      after = page.next ?? undefined
    } while (after !== undefined)
    expect(new Set(listed).size).toBe(1000)
    const client = new RawAcme(at)
    const [first = '', second = ''] = listed
    await acmeServer.removeAccount({ id: second })
    await client.register({ contact: ['mailto:anna@shop.test'] })
    const id = client.kid.split('/').at(-1)!
    const order = await client.order(['waived.test'])
    expect(order.status).toBe(201)
    expect(await acmeServer.endAccount({ id })).toMatchObject({ id, status: 'deactivated', certificates: 0 })
    expect(typeOf(await client.order(['waived.test']))).toBe('unauthorized')
    expect(typeOf(await client.post(String(order.headers['location']), null))).toBe('unauthorized')
    await acmeServer.removeAccount({ id })
    expect(typeOf(await client.post(client.kid, null))).toBe('accountDoesNotExist')
    const rows = await audit.list({ limit: 2 })
    expect(rows).toMatchObject([
      { action: 'acme-server.account_remove', subject: id, before: { status: 'deactivated' } },
      { action: 'acme-server.account_end', subject: id, before: { name: 'mailto:anna@shop.test' } },
    ])
    await expect(acmeServer.endAccount({ id })).rejects.toMatchObject({
      code: 'acme_server.account_not_found',
    })
    await expect(acmeServer.removeAccount({ id: 'none' })).rejects.toMatchObject({ data: { id: 'none' } })
    expect(vault().acmeServer.get(first)).toBeDefined()
  })
})

test('the 51st order for the same names is refused with a time, and other names and accounts are not', async () => {
  await at.opened.client.acmeServer.removeAccount({ id: (await firstAccount()).id })
  const client = await registered()
  await Promise.all(Array.from({ length: 50 }, () => client.order(['again.waived.test'])))
  const refused = await client.order(['again.waived.test'])
  expect(refused.status).toBe(429)
  expect(typeOf(refused)).toBe('rateLimited')
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(60)
  expect((await client.order(['other.waived.test'])).status).toBe(201)
})

async function firstAccount() {
  const [account] = (await at.opened.client.acmeServer.accounts({ limit: 1 })).accounts
  return account!
}

test('a client that sends more requests before it has read an answer is cut off, and others are served', async () => {
  const { port } = new URL(at.directory)
  const ca = readFileSync(at.root)
  const socket = connect({ port: Number(port), host: '127.0.0.1', servername: 'localhost', ca })
  await once(socket, 'secureConnect')
  const get = `GET /directory HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`
  socket.write(get.repeat(50))
  let text = ''
  socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1'))).on('error', () => undefined)
  await once(socket, 'close')
  expect(text.split('HTTP/1.1 200').length).toBeLessThan(10)
  expect((await new RawAcme(at).send('GET', at.directory)).status).toBe(200)
})

describe('the certificates on record', () => {
  test('take 8 MB of the vault at the most, and those of the account that has most give way', () => {
    const modest = addIssued('modest')
    const expired = addIssued('modest', -1)
    const greedy = vault().change(() => Array.from({ length: 600 }, () => addIssued('greedy')))
    expect(vault().issued.get(modest)).toBeDefined()
    expect(vault().issued.get(expired)).toBeUndefined()
    const left = greedy.filter((serial) => vault().issued.get(serial))
    expect(left).toEqual(greedy.slice(-left.length))
    expect(left.length * 34).toBeLessThan(8 * 1024)
    expect(left.length).toBeGreaterThan(200)
    const bytes = statSync(join(at.opened.folder, 'vault.db')).size
    expect(bytes).toBeLessThan(32 * 1024 * 1024)
  })

  test('keep revoked ones until they expire, up to half of the budget', () => {
    const { issued } = vault()
    const revoked: string[] = []
    vault().change(() => {
      while (issued.canRevokeForAcme()) {
        const serial = addIssued('hostile')
        issued.revoke(serial, new Date(), 0)
        revoked.push(serial)
      }
    })
    expect(revoked.length).toBeGreaterThan(100)
    vault().change(() => Array.from({ length: 300 }, () => addIssued('hostile')))
    expect(revoked.every((serial) => issued.get(serial))).toBe(true)
  })
})
