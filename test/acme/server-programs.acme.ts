import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { certbot, lego, startCaddy, whyNoProgram } from '../support/acme/programs.ts'
import { openAcmeServer, type OpenedAcme } from '../support/acme/server.ts'

let at: OpenedAcme
beforeAll(async () => {
  at = await openAcmeServer()
})
afterAll(() => at.close())

function certificateIn(path: string): X509Certificate {
  return new X509Certificate(readFileSync(join(at.folder, path)))
}

const issued = async () => (await at.opened.client.localCertificates.issued()).issued
const needs = (name: Parameters<typeof whyNoProgram>[0], skip: (reason: string) => never) => {
  const missing = whyNoProgram(name)
  if (missing) skip(missing)
}

describe('certbot', () => {
  const names = ['-d', 'certbot.test', '-d', 'www.certbot.test']
  const standalone = () => [
    '--standalone',
    '--http-01-port',
    String(at.httpPort),
    '--http-01-address',
    '127.0.0.1',
  ]

  test('gets a certificate by http-01, renews it, and revokes it', async ({ skip }) => {
    needs('certbot', skip)
    const got = await certbot(
      at,
      'certonly',
      ...standalone(),
      '--agree-tos',
      '-m',
      'anna@shop.test',
      '--no-eff-email',
      ...names,
    )
    expect(got.said).toContain('Successfully received certificate')
    const path = 'certbot/config/live/certbot.test/cert.pem'
    const first = certificateIn(path)
    expect(first.subjectAltName).toBe('DNS:certbot.test, DNS:www.certbot.test')
    const renewed = await certbot(at, 'renew', '--force-renewal', ...standalone())
    expect(renewed.said).toContain('all renewals succeeded')
    expect(certificateIn(path).serialNumber).not.toBe(first.serialNumber)
    const dry = await certbot(at, 'renew', '--dry-run', ...standalone())
    expect(dry.said).toContain('all simulated renewals succeeded')
    const revoked = await certbot(
      at,
      'revoke',
      '--cert-name',
      'certbot.test',
      '--reason',
      'keycompromise',
      '--no-delete-after-revoke',
    )
    expect(revoked.said).toContain('successfully revoked')
    const serial = certificateIn(path).serialNumber.toLowerCase()
    expect((await issued()).find(({ serialHex }) => serialHex === serial)?.revoked?.reason).toBe(
      'keyCompromise',
    )
    const gone = await certbot(at, 'unregister')
    expect(gone.said).toContain('Account deactivated')
  })
})

describe('lego', () => {
  test('gets a certificate by tls-alpn-01 and renews it', async ({ skip }) => {
    needs('lego', skip)
    const tls = [
      '--email',
      'anna@shop.test',
      '--tls',
      '--tls.port',
      `127.0.0.1:${at.tlsPort}`,
      '-d',
      'lego.test',
    ]
    const got = await lego(at, ...tls, '--key-type', 'rsa2048', 'run')
    expect(got.status, got.said).toBe(0)
    const first = certificateIn('lego/certificates/lego.test.crt')
    expect(first.subjectAltName).toBe('DNS:lego.test')
    const renewed = await lego(at, ...tls, 'renew', '--days', '398', '--no-random-sleep')
    expect(renewed.status, renewed.said).toBe(0)
    expect(certificateIn('lego/certificates/lego.test.crt').serialNumber).not.toBe(first.serialNumber)
    const revoked = await lego(at, ...tls, 'revoke')
    expect(revoked.status, revoked.said).toBe(0)
  })

  test('needs an external account where one is asked for', async ({ skip }) => {
    needs('lego', skip)
    const { client } = at.opened
    await client.acmeServer.set({ requireBinding: true, waived: ['bound.test'] })
    const { id, macKey } = await client.acmeServer.addBinding({ label: 'a test' })
    const names = [
      '--email',
      'bob@shop.test',
      '--http',
      '--http.port',
      `127.0.0.1:${at.httpPort}`,
      '-d',
      'bound.test',
    ]
    const without = await lego(at, ...names, 'run')
    expect(without.said).toContain('requires External Account Binding')
    const wrong = await lego(
      at,
      ...names,
      '--eab',
      '--kid',
      id,
      '--hmac',
      macKey.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')),
      'run',
    )
    expect(wrong.said).toContain('unauthorized')
    const got = await lego(at, ...names, '--eab', '--kid', id, '--hmac', macKey, 'run')
    expect(got.status, got.said).toBe(0)
    const { accounts } = await client.acmeServer.accounts()
    expect(accounts.find(({ binding }) => binding === id)).toMatchObject({ status: 'valid', certificates: 1 })
    await client.acmeServer.set({ requireBinding: false, waived: [] })
  })
})

describe('Caddy', () => {
  test('serves a site with a certificate that it got by itself', async ({ skip }) => {
    needs('caddy', skip)
    const { child, said } = startCaddy(at, ['caddy.test'])
    try {
      await expect.poll(() => shown('caddy.test', at.tlsPort), { timeout: 60_000 }).toBe('caddy.test')
    } catch (error) {
      throw new Error(said(), { cause: error })
    } finally {
      child.kill()
    }
  })
})

/** The common name that is served, once it verifies by the root. */
function shown(servername: string, port: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const socket = connect({ port, host: '127.0.0.1', servername, ca: readFileSync(at.root) }, () => {
    resolve(socket.getPeerX509Certificate()?.subjectAltName?.replace('DNS:', '') ?? '')
    socket.destroy()
  })
  socket.on('error', (error) => resolve(error.message))
  return promise
}

describe('a rehearsal of 100 days', () => {
  test(
    'tells Caddy and a certbot that is run every day, which end with valid certificates, from a client that is run once',
    { timeout: 240_000 },
    async ({ skip }) => {
      needs('caddy', skip)
      needs('certbot', skip)
      needs('lego', skip)
      const { acmeServer } = at.opened.client
      await acmeServer.set({ waived: ['certbot-daily.test', 'lego-once.test'] })
      const dayMs = 1200
      await acmeServer.rehearse({ dayMs, days: 100 })
      const caddy = startCaddy(at, ['caddy-rehearsed.test'], ['renew_interval 1s'])
      const standalone = [
        '--standalone',
        '--http-01-port',
        String(at.httpPort),
        '--http-01-address',
        '127.0.0.1',
      ]
      await lego(at, '--email', 'anna@shop.test', '--http', '-d', 'lego-once.test', 'run')
      await certbot(
        at,
        'certonly',
        ...standalone,
        '--agree-tos',
        '--register-unsafely-without-email',
        '-d',
        'certbot-daily.test',
      )
      while (!(await acmeServer.rehearsal())?.ended) {
        await certbot(at, 'renew', ...standalone)
        await delay(dayMs)
      }
      caddy.child.kill()
      const { clients } = (await acmeServer.rehearsal())!
      const about = (name: string) => clients.find(({ names }) => names[0] === name)
      console.log(
        JSON.stringify(
          clients.map(({ client, names, verdict, certificates, uncoveredDays, refused }) => ({
            client: client.slice(0, 30),
            names,
            verdict,
            certificates,
            uncoveredDays,
            refused,
          })),
        ),
      )
      expect(about('lego-once.test')?.verdict, 'lego, run once').toBe('lapsed')
      expect(about('caddy-rehearsed.test')?.verdict, caddy.said()).not.toBe('lapsed')
      expect(about('certbot-daily.test')?.verdict, 'certbot').not.toBe('lapsed')
    },
  )
})
