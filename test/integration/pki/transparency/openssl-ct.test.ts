import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { afterAll, expect, test } from 'vitest'
import { toPem } from '../../../../src/pki/formats/convert.ts'
import { transparencyOf } from '../../../../src/pki/transparency/transparency.ts'
import { certificateOf } from '../../../../src/pki/x509/certificate.ts'
import {
  commonName,
  extension,
  makeCertificate,
  makeKeys,
  type MadeCertificate,
} from '../../../support/pki/certificate-maker.ts'
import { shakeHands, writeTo } from '../../../support/pki/openssl.ts'
import {
  logListOf,
  makeLog,
  makeLoggedCertificate,
  timestampsOid,
} from '../../../support/pki/transparency-logs.ts'

/** Signatures of logs, held against OpenSSL's own check of SCTs (`openssl s_client -ct`). */
const folder = mkdtempSync(join(tmpdir(), 'edgekeep-ct-'))
const servers: Server[] = []
afterAll(() => {
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true })
})

const now = Date.now()
const lasting = { notBefore: new Date(now - 86_400_000), notAfter: new Date(now + 30 * 86_400_000) }
const root = makeCertificate({ subject: 'Root', authority: true, keys: makeKeys('ec'), ...lasting })
const logs = [makeLog('One', 'A'), makeLog('Two', 'B', { keys: makeKeys('rsa') })]
const keys = makeKeys('ec')
const options = { subject: commonName('shop.test'), names: ['shop.test'], issuer: root, keys, ...lasting }
const logged = makeLoggedCertificate(options, logs, new Date(now - 60_000))
/** The timestamps of another certificate. */
const list = certificateOf(logged.der).extensions.find(({ oid }) => oid === timestampsOid)
const forged = makeCertificate({
  ...options,
  extensions: { [timestampsOid]: extension(timestampsOid, list!.value) },
})

test.each([
  ['logged by an ECDSA and an RSA log', logged, ['valid', 'valid']],
  ['with the timestamps of another certificate', forged, ['invalid', 'invalid']],
])('OpenSSL and Edgekeep judge a leaf %s alike', async (_, leaf, expected) => {
  const port = await serve(leaf)
  const files = writeTo(folder, { 'root.pem': toPem(root.der), 'logs.cnf': logFile() })
  const said = await shakeHands(
    port,
    'shop.test',
    '-ct',
    '-CAfile',
    files['root.pem']!,
    '-ctlogfile',
    files['logs.cnf']!,
  )
  expect([...said.matchAll(/SCT validation status: (\w+)/g)].map(([, status]) => status)).toEqual(expected)
  const judged = transparencyOf(certificateOf(leaf.der), certificateOf(root.der), { list: logListOf(logs) })
  const ours = judged?.timestamps.map(({ state }) => (state === 'counts' ? 'valid' : 'invalid'))
  expect(ours).toEqual(expected)
})

async function serve(leaf: MadeCertificate): Promise<number> {
  const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' })
  const server = createServer({ cert: toPem(leaf.der), key }, (socket) => socket.end('HTTP/1.1 204 \r\n\r\n'))
  server.on('tlsClientError', () => undefined)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** OpenSSL's form of a list of logs (CTLOG_STORE_load_file). */
function logFile(): string {
  const sections = logs.map(({ name, keys: { publicKey } }) => {
    const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
    return `[${name}]\ndescription = ${name}\nkey = ${spki}\n`
  })
  return `enabled_logs = ${logs.map(({ name }) => name).join(',')}\n${sections.join('')}`
}
