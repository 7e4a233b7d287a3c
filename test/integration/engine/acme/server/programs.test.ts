import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lego, whyNoProgram } from '../../../../support/acme/programs.ts'
import { openAcmeServer, type OpenedAcme } from '../../../../support/acme/server.ts'

/** The short form of `npm test -- acme`. */
let at: OpenedAcme
beforeAll(async () => {
  at = await openAcmeServer()
})
afterAll(() => at.close())

test.for<[string, () => string[]]>([
  ['http-01', () => ['--http', '--http.port', `127.0.0.1:${at.httpPort}`]],
  ['tls-alpn-01', () => ['--tls', '--tls.port', `127.0.0.1:${at.tlsPort}`]],
])('lego gets a certificate by %s', async ([challenge, how], { skip }) => {
  const missing = whyNoProgram('lego')
  if (missing) skip(missing)
  const name = `${challenge}.test`
  const { status, said } = await lego(at, '--email', 'anna@shop.test', ...how(), '-d', name, 'run')
  expect(status, said).toBe(0)
  const path = join(at.folder, 'lego/certificates', `${name}.crt`)
  expect(new X509Certificate(readFileSync(path)).subjectAltName).toBe(`DNS:${name}`)
})
