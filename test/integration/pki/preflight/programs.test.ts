import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { connect, createSecureContext, createServer } from 'node:tls'
import { afterAll, describe, expect, test } from 'vitest'
import type { Preflight } from '../../../../src/contract/inspect/preflight.ts'
import { selectLeaf } from '../../../../src/pki/intake/select-leaf.ts'
import { toPem } from '../../../../src/pki/formats/convert.ts'
import { openIntake } from '../../../../src/pki/intake/intake.ts'
import { preflight } from '../../../../src/pki/preflight/preflight.ts'
import { verifyCertificate } from '../../../../src/pki/verify/verify.ts'
import {
  type CertificateOptions,
  extension,
  generalName,
  makeCertificate,
  makeKeys,
  type MadeCertificate,
} from '../../../support/pki/certificate-maker.ts'
import * as der from '../../../support/pki/der-writer.ts'

/**
 * The verdicts of the preflight held against the programs themselves, where they are installed. The keys of the cases
 * are of one type: OpenSSL holds one of another type beside the certificate, and the handshake fails.
 */
const folder = mkdtempSync(join(tmpdir(), 'edgekeep-preflight-'))
afterAll(() => rmSync(folder, { recursive: true }))

const now = new Date()
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000)
const lasting = { notBefore: inDays(-1), notAfter: inDays(30) }
const root = makeCertificate({ subject: 'Root', authority: true, keys: makeKeys('rsa'), ...lasting })
const intermediate = makeCertificate({
  subject: 'Intermediate',
  authority: true,
  issuer: root,
  keys: makeKeys('rsa'),
  ...lasting,
})
const leaf = makeCertificate({
  subject: 'shop.test',
  names: ['shop.test'],
  issuer: intermediate,
  keys: makeKeys('rsa'),
  ...lasting,
})
const weak = makeCertificate({
  subject: 'shop.test',
  names: ['shop.test'],
  issuer: intermediate,
  keys: makeKeys('rsa1024'),
  ...lasting,
})

const pem = (...made: MadeCertificate[]) => made.map((each) => toPem(each.der)).join('')
const keyPem = ({ keys }: MadeCertificate, passphrase?: string) =>
  keys.privateKey.export({
    format: 'pem',
    type: 'pkcs8',
    ...(passphrase ? { cipher: 'aes-256-cbc', passphrase } : {}),
  }) as string

const cases: [name: string, certificate: string | Uint8Array, key: string][] = [
  ['certificate, chain and key', pem(leaf, intermediate), keyPem(leaf)],
  ['a root behind the chain', pem(leaf, intermediate, root), keyPem(leaf)],
  ['the key of another', pem(leaf, intermediate), keyPem(root)],
  ['a key with a passphrase', pem(leaf, intermediate), keyPem(leaf, 'secret')],
  ['the chain before the certificate', pem(intermediate, leaf), keyPem(leaf)],
  ['DER in the place of PEM', leaf.der, keyPem(leaf)],
  ['an RSA key of 1024 bits', pem(weak, intermediate), keyPem(weak)],
]

function saidOf(target: string, certificate: string | Uint8Array, key: string): 'takes' | 'refuses' {
  return answerOf(target, certificate, key)?.verdict === 'refuses' ? 'refuses' : 'takes'
}

function answerOf(
  target: string,
  certificate: string | Uint8Array,
  key: string,
  trusted = [root],
): Preflight | undefined {
  const files = [
    { name: 'site.pem', bytes: Buffer.from(certificate) },
    { name: 'site.key', bytes: Buffer.from(key) },
  ]
  const intake = openIntake(files)
  const { leaf: chosen, others, piece } = selectLeaf(intake)
  const anchors = [{ name: 'own', certificates: trusted.map((each) => each.der), lenient: true }]
  const query = { leaf: chosen, intermediates: others, anchors, at: now, host: 'shop.test' }
  const verification = verifyCertificate(query)
  const input = {
    report: intake.report,
    leaf: piece,
    verification,
    publicVerification: verification,
    verifyFor: () => ({ verification, trust: 'private' as const }),
    at: now,
  }
  const [answer] = preflight(input, [target])
  intake[Symbol.dispose]()
  return answer
}

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const ran = (program: string, args: string[]) =>
  spawnSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', timeout: 20_000 })
const isInstalled = (program: string) => ran(program, ['-v']).status === 0

function nginxSays(certificate: string | Uint8Array, key: string): string {
  const [crt, keyFile] = [write('site.pem', certificate), write('site.key', key)]
  const server = `server { listen 127.0.0.1:18443 ssl; ssl_certificate ${crt}; ssl_certificate_key ${keyFile}; }`
  const configuration = `pid ${folder}/nginx.pid; error_log stderr;\nevents {}\nhttp { access_log off; ${server} }\n`
  return ran('nginx', ['-t', '-c', write('nginx.conf', configuration)]).status === 0 ? 'takes' : 'refuses'
}

function haproxySays(certificate: string | Uint8Array, key: string): string {
  const bundle = write('bundle.pem', Buffer.concat([Buffer.from(certificate), Buffer.from(`\n${key}`)]))
  const defaults = 'defaults\n  mode http\n  timeout client 1s\n  timeout server 1s\n  timeout connect 1s\n'
  const frontend = `frontend f\n  bind 127.0.0.1:18444 ssl crt ${bundle}\n`
  const check = ran('haproxy', ['-c', '-f', write('haproxy.cfg', defaults + frontend)])
  return check.status === 0 ? 'takes' : 'refuses'
}

const programs = [
  ['nginx', nginxSays],
  ['haproxy', haproxySays],
] as const

describe.each(programs)('%s', (program, says) => {
  test.for(cases)('says the same as the preflight to %s', ([, certificate, key], { skip }) => {
    skip(!isInstalled(program), `${program} is not installed here`)
    expect(says(certificate, key)).toBe(saidOf(program, certificate, key))
  })
})

describe('a key of another type than the certificate', () => {
  const certificate = pem(leaf, intermediate)
  const key = makeKeys('ec').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string

  test('is refused by HAProxy at its start, as the preflight says', ({ skip }) => {
    skip(!isInstalled('haproxy'), 'haproxy is not installed here')
    expect(haproxySays(certificate, key)).toBe('refuses')
    expect(answerOf('haproxy', certificate, key)?.reasons[0]?.rule).toBe('haproxy.key-mismatch')
  })

  test('lets nginx start, as the preflight says', ({ skip }) => {
    skip(!isInstalled('nginx'), 'nginx is not installed here')
    expect(nginxSays(certificate, key)).toBe('takes')
    expect(answerOf('nginx', certificate, key)?.reasons[0]?.rule).toBe('nginx.key-of-another-type')
  })

  test('fails in the handshake with OpenSSL, in which nginx serves', async () => {
    expect(await codeOf(certificate, key, [root])).toBe('ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE')
  })
})

test('a server in Node takes and refuses what nginx does', () => {
  for (const [, cert, key] of cases) {
    const seen = attempt(() => createSecureContext({ cert: Buffer.from(cert), key }))
    expect(seen).toBe(saidOf('nginx', cert, key))
  }
})

const published = extension(
  '1.3.6.1.5.5.7.1.1',
  der.sequence(
    der.sequence(der.objectIdentifier('1.3.6.1.5.5.7.48.2'), generalName('http://ca.example/ca.crt')),
  ),
)
const issued = (options: CertificateOptions): MadeCertificate =>
  makeCertificate({
    subject: 'shop.test',
    names: ['shop.test'],
    issuer: intermediate,
    keys: makeKeys('rsa'),
    ...lasting,
    extensions: { '1.3.6.1.5.5.7.1.1': published },
    ...options,
  })

describe('a client in Node', () => {
  const self = makeCertificate({
    subject: 'shop.test',
    names: ['shop.test'],
    keys: makeKeys('rsa'),
    ...lasting,
  })
  const alone = makeCertificate({
    subject: 'shop.test',
    names: ['shop.test'],
    issuer: root,
    keys: makeKeys('rsa'),
    ...lasting,
  })
  const ended = issued({ notBefore: inDays(-9), notAfter: inDays(-2) })
  const early = issued({ notBefore: inDays(5), notAfter: inDays(20) })
  const elsewhere = issued({ names: ['other.test'] })
  const handshakes: [name: string, served: MadeCertificate[], trusted: MadeCertificate[]][] = [
    ['a good chain', [issued({}), intermediate], [root]],
    ['a chain without its intermediate', [issued({})], [root]],
    ['a self-signed certificate', [self], []],
    ['a chain to a stranger', [leaf, intermediate], []],
    ['a stranger’s certificate alone', [alone], []],
    ['a chain with a root that is not trusted', [leaf, intermediate, root], []],
    ['an expired certificate', [ended, intermediate], [root]],
    ['one that is not valid yet', [early, intermediate], [root]],
    ['one for another host', [elsewhere, intermediate], [root]],
  ]

  test.each(handshakes)('gives %s the code that the preflight names', async (_, served, trusted) => {
    const key = keyPem(served[0]!)
    const reasons = answerOf('node', pem(...served), key, trusted)?.reasons ?? []
    const expected = reasons.find(({ verdict }) => verdict === 'refuses')?.code ?? null
    expect(await codeOf(pem(...served), key, trusted)).toBe(expected)
  })
})

/** The code of the error with which a real client refuses a real server, or null. */
async function codeOf(cert: string, key: string, trusted: MadeCertificate[]): Promise<string | null> {
  const server = createServer({ cert, key }, (socket) => socket.end())
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  const socket = connect({ host: '127.0.0.1', port, servername: 'shop.test', ca: pem(...trusted) })
  const { promise, resolve } = Promise.withResolvers<string | null>()
  socket.once('secureConnect', () => resolve(null))
  socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  try {
    return await promise
  } finally {
    socket.destroy()
    server.close()
  }
}

function attempt(act: () => unknown): 'takes' | 'refuses' {
  try {
    act()
    return 'takes'
  } catch {
    return 'refuses'
  }
}
