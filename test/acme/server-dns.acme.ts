import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { certbot, legoWith, whyNoProgram } from '../support/acme/programs.ts'
import { openAcmeServer, type OpenedAcme } from '../support/acme/server.ts'
import { whyNoBind, startBind, type Bind } from '../support/acme/bind.ts'

/** Our ACME server looks records up at a real BIND, which a program of others changes. */
let bind: Bind | null = null
let at: OpenedAcme
beforeAll(async () => {
  bind = whyNoBind() === null ? await startBind() : null
  at = await openAcmeServer(bind ? { dnsPort: bind.port } : {})
})
afterAll(async () => {
  await at?.close()
  await bind?.close()
})

const leafIn = (path: string) => new X509Certificate(readFileSync(join(at.folder, path)))

test.for(['lego.shop.test', '*.shop.test'])('lego gets %s by dns-01', async (name, { skip }) => {
  if (!bind) return skip('There is no BIND (Debian: apt install bind9).')
  const missing = whyNoProgram('lego')
  if (missing) skip(missing)
  const env = {
    RFC2136_NAMESERVER: `127.0.0.1:${bind.port}`,
    RFC2136_TSIG_ALGORITHM: 'hmac-sha256.',
    RFC2136_TSIG_KEY: bind.keyName,
    RFC2136_TSIG_SECRET: bind.secret,
  }
  // It would ask the name server at port 53 itself.
  const dns = ['--dns', 'rfc2136', '--dns.disable-cp']
  const { status, said } = await legoWith(at, env, '--email', 'anna@shop.test', ...dns, '-d', name, 'run')
  expect(status, said).toBe(0)
  expect(leafIn(`lego/certificates/${name.replace('*', '_')}.crt`).subjectAltName).toBe(`DNS:${name}`)
})

test('certbot gets a certificate of the profile that it requires', async ({ skip }) => {
  const missing = whyNoProgram('certbot')
  if (missing) skip(missing)
  const standalone = ['--standalone', '--http-01-port', String(at.httpPort), '--http-01-address', '127.0.0.1']
  const account = ['--agree-tos', '-m', 'anna@shop.test', '--no-eff-email']
  const order = (profile: string) =>
    certbot(at, 'certonly', ...standalone, ...account, '--required-profile', profile, '-d', `${profile}.test`)
  const { said } = await order('shortlived')
  expect(said).toContain('Successfully received certificate')
  const { validFromDate, validToDate } = leafIn('certbot/config/live/shortlived.test/cert.pem')
  const hours = (validToDate.getTime() - validFromDate.getTime()) / 3_600_000
  expect(hours).toBeGreaterThan(159)
  expect(hours).toBeLessThan(162)
  expect((await order('nobody')).said).not.toContain('Successfully received certificate')
})
