import { createHash, generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { preflightSchema, formatSource } from '../../../../src/contract/inspect/preflight.ts'
import { selectLeaf } from '../../../../src/pki/intake/select-leaf.ts'
import { toP7b, toPem } from '../../../../src/pki/formats/convert.ts'
import { type InputFile, openIntake } from '../../../../src/pki/intake/intake.ts'
import { preflight, rulePacks, targets } from '../../../../src/pki/preflight/preflight.ts'
import { verifyForProgram } from '../../../../src/pki/roots/program-verdict.ts'
import { readRootLists, useRootLists } from '../../../../src/pki/roots/root-lists.ts'
import { useLogList } from '../../../../src/pki/transparency/log-list.ts'
import { transparencyOf } from '../../../../src/pki/transparency/transparency.ts'
import { certificateOf } from '../../../../src/pki/x509/certificate.ts'
import { type VerificationQuery, verifyCertificate } from '../../../../src/pki/verify/verify.ts'
import {
  extension,
  makeCertificate,
  makeKeys,
  type MadeCertificate,
} from '../../../support/pki/certificate-maker.ts'
import { clientCases } from '../../../support/clients/cases.ts'
import { createWorkshop } from '../../../support/clients/client-case.ts'
import { makeCrl } from '../../../support/pki/crl-maker.ts'
import * as der from '../../../support/pki/der-writer.ts'
import {
  oids,
  publicIntermediate,
  publicLeaf,
  publicRoot,
  timestamps,
  logs,
  logsOfTests,
  type LoggedOptions,
} from '../../../support/pki/public-certificate.ts'

const at = new Date('2026-06-15T12:00:00Z')
beforeAll(() => useLogList(logsOfTests))
afterAll(() => useLogList(undefined))

const root = publicRoot()
/** Row of the table of roots: `cells` are the programs that have the root, with their conditions. */
const rowOf = ({ der: bytes }: MadeCertificate, cells: string) =>
  `${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)} ${cells}`
/** Roots of public authorities whose trust differs by program. */
const limited = publicRoot('Limited root')
const unlisted = publicRoot('Unlisted root')
const mostPrograms = 'cfagjn'
beforeAll(() =>
  useRootLists(
    readRootLists({
      lists: [{ program: 'chrome', version: '1', day: '2026-06-01', source: 'these tests' }],
      roots: [
        rowOf(root, mostPrograms),
        rowOf(limited, mostPrograms.replaceAll(/./g, '$&<20250101')),
        rowOf(unlisted, 'w'),
      ],
    }),
  ),
)
afterAll(() => useRootLists(undefined))
const intermediate = publicIntermediate(root)
const file = (name: string, text: string): InputFile => ({ name, bytes: Buffer.from(text) })
const pem = (...made: MadeCertificate[]): InputFile =>
  file('chain.pem', made.map((each) => toPem(each.der)).join(''))
const keyOf = ({ keys }: MadeCertificate, passphrase?: string): InputFile =>
  file(
    'site.key',
    keys.privateKey.export({
      format: 'pem',
      type: 'pkcs8',
      ...(passphrase ? { cipher: 'aes-256-cbc', passphrase } : {}),
    }) as string,
  )

interface Asked {
  host?: string
  passphrase?: string
  /** Additional to the public one. */
  own?: MadeCertificate
}

function ask(files: InputFile[], target: string, { host, passphrase, own }: Asked = {}) {
  const intake = openIntake(files, passphrase === undefined ? {} : { passphrase })
  const { leaf, others, piece } = selectLeaf(intake)
  const publicRoots = { name: 'public roots', certificates: [root.der], lenient: true }
  const owned = own ? [{ name: 'own', certificates: [own.der], lenient: true }] : []
  const anchors = [publicRoots, ...owned]
  const verify = (by: Pick<VerificationQuery, 'anchors' | 'anchorsExpire'>) =>
    verifyCertificate({ leaf, intermediates: others, at, host, crlsBeside, ...by })
  const crlsBeside = [...intake.revocationLists().values()]
  const verification = verify({ anchors })
  const [answer] = preflight(
    {
      report: intake.report,
      leaf: piece,
      verification,
      publicVerification: verify({ anchors: [publicRoots] }),
      transparency: transparencyOf(certificateOf(leaf), undefined, { at: at.getTime() }),
      verifyFor: (program) => verifyForProgram(program, { leaf, anchors, verify }, verification),
      at,
      host,
    },
    [target],
  )
  intake[Symbol.dispose]()
  return preflightSchema.parse(answer)
}

const leafWith = (options: LoggedOptions = {}) => publicLeaf(intermediate, options)
const rulesOf = (answer: ReturnType<typeof ask>) => answer.reasons.map(({ rule }) => rule.split('.')[1])
const rsa = (modulusLength: number) => ({
  kind: 'rsa' as const,
  ...generateKeyPairSync('rsa', { modulusLength }),
})
const good = leafWith()
const all = targets.map(({ id }) => id)

describe('a good public certificate with chain and key', () => {
  test.each(all)('is taken by %s', (target) => {
    const answer = ask([pem(good, intermediate), keyOf(good)], target, { host: 'shop.example.com' })
    expect(answer).toMatchObject({ verdict: 'takes', reasons: [] })
    expect(answer.sentence).toBe(`Accepted by ${answer.target.name}.`)
  })
})

/** Files that break a rule, by target and rule. */
const breaking: Record<string, () => ReturnType<typeof ask>[]> = {}
function breaks(rules: string[], files: () => InputFile[], asked: Asked = {}): void {
  for (const rule of rules) {
    const [target = ''] = rule.split('.')
    const before = breaking[rule]
    breaking[rule] = () => [...(before?.() ?? []), ask(files(), target, asked)]
  }
}
const servers = ['alibaba-cloud-cdn', 'cloudflare', 'cloudfront', 'fastly', 'nginx', 'haproxy']
const clients = ['chrome', 'firefox', 'apple', 'android', 'java', 'node']
const on = (ids: string[], rule: string) => ids.map((id) => `${id}.${rule}`)

breaks(on(servers, 'key-missing'), () => [pem(good, intermediate)])
const sameType = () => leafWith({ keys: makeKeys(good.keys.kind) })
const otherType = () => leafWith({ keys: makeKeys(good.keys.kind === 'ec' ? 'rsa' : 'ec') })
breaks(on(servers, 'key-mismatch'), () => [pem(good, intermediate), keyOf(sameType())])
breaks(['nginx.key-of-another-type'], () => [pem(good, intermediate), keyOf(otherType())])
breaks(on(servers, 'key-locked'), () => [pem(good, intermediate), keyOf(good, 'p')])
breaks(on(servers, 'key-locked'), () => [pem(good, intermediate), keyOf(good, 'p')], { passphrase: 'p' })
breaks(on(['alibaba-cloud-cdn', 'cloudfront', 'nginx', 'haproxy'], 'not-pem'), () => [
  { name: 'a.p7b', bytes: toP7b([good.der, intermediate.der]) },
  keyOf(good),
])
breaks(on(['alibaba-cloud-cdn', 'nginx', 'haproxy'], 'leaf-not-first'), () => [
  pem(intermediate, good),
  keyOf(good),
])
const ended = () =>
  leafWith({ notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2026-03-01T00:00:00Z') })
breaks(
  [
    ...on(['alibaba-cloud-cdn', 'cloudfront', 'fastly', 'firefox', 'java', 'node', 'android'], 'expired'),
    'cloudflare.expires-soon',
    'chrome.out-of-time',
  ],
  () => {
    const made = ended()
    return [pem(made, intermediate), keyOf(made)]
  },
)
breaks(on(['cloudfront', 'firefox', 'java', 'node'], 'not-yet-valid'), () => {
  const made = leafWith({ notBefore: new Date('2026-07-01T00:00:00Z') })
  return [pem(made, intermediate), keyOf(made)]
})
const hosted: Asked = { host: 'other.example.com' }
breaks(
  on(
    ['alibaba-cloud-cdn', 'cloudflare', 'cloudfront', 'chrome', 'firefox', 'java', 'node', 'android'],
    'host-not-covered',
  ),
  () => [pem(good, intermediate), keyOf(good)],
  hosted,
)
breaks(['alibaba-cloud-cdn.rsa-key-form'], () => {
  const made = leafWith({ keys: makeKeys('rsa') })
  return [pem(made, intermediate), keyOf(made)]
})
breaks(
  on(
    ['alibaba-cloud-cdn', 'cloudfront', 'nginx', 'haproxy', 'chrome', 'firefox', 'java', 'node', 'android'],
    'incomplete-chain',
  ),
  () => [pem(good), keyOf(good)],
)
breaks(on(['alibaba-cloud-cdn', 'nginx', 'haproxy'], 'leads-to-no-root'), () => {
  const issuing = makeCertificate({
    subject: 'Own Issuing',
    authority: true,
    issuer: ownRoot,
    keys: makeKeys('ec'),
  })
  const made = makeCertificate({
    subject: 'a.test',
    names: ['a.test'],
    issuer: issuing,
    keys: makeKeys('ec'),
  })
  return [pem(made), keyOf(made)]
})
const short = () => leafWith({ keys: makeKeys('rsa1024') })
breaks(on(['cloudflare', 'nginx', 'haproxy', 'apple', 'node'], 'rsa-too-short'), () => {
  const made = short()
  return [pem(made, intermediate), keyOf(made)]
})
breaks(on(['chrome', 'firefox', 'java'], 'rsa-too-short'), () => {
  const made = leafWith({ keys: rsa(768) })
  return [pem(made, intermediate), keyOf(made)]
})
breaks(['cloudflare.ec-too-short'], () => {
  const keys = { kind: 'ec' as const, ...generateKeyPairSync('ec', { namedCurve: 'prime192v1' }) }
  return [pem(leafWith({ keys }), intermediate)]
})
const edwards = () => [pem(leafWith({ keys: makeKeys('ed25519') }), intermediate)]
breaks(['cloudflare.neither-rsa-nor-ec', 'cloudfront.key-type', 'fastly.key-type'], edwards)
breaks(['cloudflare.ec-parameters'], () => [
  pem(good, intermediate),
  file('params.pem', '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n'),
  keyOf(good),
])
const ownRoot = makeCertificate({ subject: 'Own CA', authority: true, keys: makeKeys('ec') })
const owned = makeCertificate({
  subject: 'intra.example.com',
  names: ['intra.example.com'],
  issuer: ownRoot,
  keys: makeKeys('ec'),
})
breaks(on(['cloudflare', 'cloudfront', 'fastly'], 'not-public'), () => [pem(owned), keyOf(owned)], {
  own: ownRoot,
})
breaks(on(clients, 'private-authority'), () => [pem(owned), keyOf(owned)], { own: ownRoot })
breaks(['node.issuer-unknown', ...on(['chrome', 'firefox', 'apple', 'android', 'java'], 'untrusted')], () => [
  pem(owned),
  keyOf(owned),
])
breaks(['node.root-not-trusted'], () => [pem(owned, ownRoot), keyOf(owned)])
breaks(['node.untrusted'], () => {
  const between = makeCertificate({ subject: 'Own intermediate', authority: true, issuer: ownRoot })
  return [pem(makeCertificate({ subject: 'a', names: ['a.example.com'], issuer: between }), between)]
})
const self = makeCertificate({
  subject: 'self.example.com',
  names: ['self.example.com'],
  keys: makeKeys('ec'),
})
breaks(on(['firefox', 'node'], 'self-signed'), () => [pem(self), keyOf(self)])
breaks([...on(['cloudflare', 'fastly', 'chrome', 'apple'], 'no-san'), 'cloudfront.no-host'], () => [
  pem(leafWith({ names: undefined, subject: der.sequence() }), intermediate),
])
breaks(['cloudfront.version'], () => [
  pem(
    makeCertificate({ subject: 'old', issuer: intermediate, version: 1, keys: makeKeys('ec') }),
    intermediate,
  ),
])
breaks(on(['chrome', 'firefox', 'apple', 'java'], 'forgeable-signature'), () => [
  pem(leafWith({ hash: 'sha1' }), intermediate),
])
const lasting = (from: string, to: string) => () => [
  pem(
    leafWith({ notBefore: new Date(`${from}T00:00:00Z`), notAfter: new Date(`${to}T00:00:00Z`) }),
    intermediate,
  ),
]
breaks(on(['chrome', 'apple'], 'too-long-398'), lasting('2026-01-01', '2027-06-01'))
breaks(['chrome.too-long-825'], lasting('2020-01-01', '2027-01-01'))
breaks(['apple.too-long-825'], lasting('2026-01-01', '2029-01-01'))
breaks(['chrome.too-few-logs', 'apple.too-few-logs'], () => [
  pem(leafWith({ logged: [logs.one] }), intermediate),
])
breaks(on(['chrome', 'apple'], 'too-few-logs'), () => [
  pem(leafWith({ logged: [logs.one, logs.three] }), intermediate),
])
breaks(on(['chrome', 'apple'], 'too-few-logs'), () => [
  pem(leafWith({ logged: [logs.retired, logs.alsoRetired] }), intermediate),
])
// Issued long after the list of these logs, by a log that it does not have.
breaks(on(['chrome', 'apple'], 'logs-unknown'), () => [
  pem(
    leafWith({
      notAfter: new Date('2026-05-30T00:00:00Z'),
      extensions: { [oids.timestamps]: timestamps(2) },
    }),
    intermediate,
  ),
])
breaks(['chrome.too-few-logs', 'firefox.not-logged', 'apple.too-few-logs'], () => [
  pem(leafWith({ extensions: { [oids.timestamps]: null } }), intermediate),
])
breaks(['firefox.authority-as-leaf'], () => [
  pem(leafWith({ authority: true, keyUsage: [0, 5], purposes: ['1.3.6.1.5.5.7.3.1'] }), intermediate),
])
const workshop = createWorkshop(at)
/** Files of a case that real programs were asked about. */
function breaksByCase(rules: string[], caseId: string): void {
  const { host, make } = clientCases.find(({ id }) => id === caseId)!
  const { chain } = make(workshop)
  breaks(rules, () => [file('chain.pem', chain.map((bytes) => toPem(bytes)).join(''))], {
    ...{ host, own: workshop.root },
  })
}
const browsers = ['chrome', 'firefox', 'java', 'node']
breaksByCase(on(clients, 'wrong-purpose'), 'purpose-client')
breaksByCase(on(clients, 'unknown-critical-extension'), 'form-unknown-critical')
breaksByCase(on(clients, 'not-an-authority'), 'chain-no-ca')
breaksByCase(on(clients, 'path-too-long'), 'chain-path-length')
breaksByCase(on(clients, 'name-not-permitted'), 'chain-names-violated')
breaksByCase(on(['chrome', 'java'], 'policy'), 'chain-policy-required')
breaksByCase(on(['chrome', 'firefox', 'apple', 'android', 'java'], 'malformed'), 'form-broken-usage')
breaksByCase(on(clients, 'bad-signature'), 'chain-bad-signature')
breaksByCase(on(browsers, 'key-type'), 'key-secp256k1')
breaksByCase(on(browsers, 'explicit-curve'), 'key-explicit-ec')
breaksByCase(on(browsers, 'signature-type'), 'rsa-md5-leaf')
breaksByCase(on(['chrome', 'firefox', 'java'], 'issuer-key-type'), 'authority-secp256k1')
breaks(['node.issuer-key-type'], () => {
  const keys = { kind: 'ec' as const, ...generateKeyPairSync('ec', { namedCurve: 'prime192v1' }) }
  const weak = publicIntermediate(root, { keys })
  return [pem(publicLeaf(weak), weak)]
})
breaksByCase(on(['chrome', 'java'], 'key-usage'), 'usage-key-encipherment-rsa')
breaksByCase(on(['chrome', 'java'], 'empty-subject'), 'name-empty-subject')
breaksByCase(on(['firefox', 'node'], 'any-purpose'), 'purpose-any')
breaksByCase(['firefox.chain-too-long'], 'chain-eight')
breaksByCase(['java.underscore'], 'name-underscore')
breaksByCase(on(['java', 'node'], 'common-name-only'), 'name-none')
breaksByCase(['node.weak-intermediate'], 'authority-rsa1024')
breaksByCase(['node.forgeable-signature'], 'rsa-sha1-leaf')
breaks(['chrome.trusted-leaf'], () => [pem(self)], { own: self })
breaks(on(clients, 'revoked'), () => [
  pem(good, intermediate),
  { name: 'list.crl', bytes: makeCrl({ issuer: intermediate, revoked: [{ serial: good.serial }] }) },
])
for (const [id, by] of [
  ['root-condition', limited],
  ['root-not-listed', unlisted],
] as const) {
  const between = publicIntermediate(by)
  breaks(on(clients, id), () => [pem(publicLeaf(between), between)], { own: by })
}
breaks(['firefox.must-staple'], () => [
  pem(
    leafWith({ extensions: { [oids.tlsFeature]: extension(oids.tlsFeature, der.sequence(der.integer(5))) } }),
    intermediate,
  ),
])
breaks(['apple.not-for-servers'], () => [pem(leafWith({ purposes: [] }), intermediate)])
breaks(['apple.weak-intermediate'], () => {
  const weak = publicIntermediate(root, { keys: makeKeys('rsa1024') })
  return [pem(publicLeaf(weak), weak)]
})

describe('each rule of each pack', () => {
  const ids = rulePacks.flatMap(({ target, rules }) => rules.map(({ id }) => `${target.id}.${id}`))

  test('has files here that break it', () => {
    expect(Object.keys(breaking).toSorted()).toEqual(ids.toSorted())
  })

  test.each(ids)('%s speaks for files that break it', (rule) => {
    for (const answer of breaking[rule]!()) expect(rulesOf(answer)).toContain(rule.split('.')[1])
  })

  test.each(rulePacks.flatMap(({ rules }) => rules))(
    '$id says where and when it was read, and has a remedy',
    ({ source, message, fix }) => {
      expect(source.url).toMatch(/^https:\/\/\S+$/)
      expect(source.readOn).toMatch(/^2026-\d\d-\d\d$/)
      if (source.seenIn) expect(source.seenIn).toMatch(/^\S+ [\d.]+/)
      expect([message, fix].every((text) => /^[A-Z“]/.test(text))).toBe(true)
    },
  )
})

test('a refusal comes before a warning, with the target’s own words', () => {
  const { verdict, sentence, reasons } = ask([pem(good), keyOf(sameType())], 'cloudfront')
  expect(verdict).toBe('refuses')
  expect(sentence).toMatch(/^Refused by Amazon CloudFront \(ACM\): The private key does not/)
  expect(reasons.map((reason) => reason.verdict)).toEqual(['refuses', 'warns'])
})

test('a server that would send what leads to no known root is refused, until the private root is named', () => {
  const files = [pem(owned), keyOf(owned)]
  for (const server of ['nginx', 'haproxy']) {
    expect(ask(files, server).verdict).toBe('refuses')
    expect(ask(files, server, { own: ownRoot }).verdict).toBe('takes')
  }
  expect(ask([pem(good), keyOf(good)], 'nginx').verdict).toBe('refuses')
})

test('a key of another type is refused by all, and nginx says that only the handshakes fail', () => {
  const files = [pem(good, intermediate), keyOf(otherType())]
  for (const server of servers) expect(ask(files, server).verdict).toBe('refuses')
  const [reason, ...more] = ask(files, 'nginx').reasons
  expect(reason?.message).toContain('nginx starts with it, and then every handshake fails')
  expect(more).toEqual([])
})

test('a reason says whether its page was read or its program seen', () => {
  const [expired] = ask([pem(ended(), intermediate)], 'java').reasons
  expect(formatSource(expired!.source)).toBe('read 2026-11-26; seen in OpenJDK 25.0.3')
  const [short] = ask([pem(leafWith({ keys: makeKeys('rsa1024') }), intermediate)], 'apple').reasons
  expect(formatSource(short!.source)).toMatch(/^read 2026-\d\d-\d\d$/)
})

test('facts stand in the sentences', () => {
  const [reason] = ask([pem(leafWith({ keys: makeKeys('rsa1024') }), intermediate)], 'apple').reasons
  expect(reason?.message).toBe('The RSA key has 1024 bits; at least 2048 are trusted for TLS.')
})

test('the order of files is no fault, only that within one', () => {
  const files = [file('1.pem', toPem(intermediate.der)), file('2.pem', toPem(good.der)), keyOf(good)]
  expect(rulesOf(ask(files, 'nginx'))).not.toContain('leaf-not-first')
})

test('an unknown target is refused with a list of the known ones', () => {
  expect(() => ask([pem(good)], 'cloudflair')).toThrow(
    /Nothing is known of "cloudflair". Known are: alibaba-cloud-cdn/,
  )
})

test('each target’s own words are known for the rules listed here, and for no others', () => {
  const withWords = rulePacks.map(({ target, rules }) => [
    target.id,
    rules.filter(({ code }) => code !== undefined).length,
    rules.length,
  ])
  expect(withWords).toEqual([
    ['alibaba-cloud-cdn', 8, 10],
    ['cloudflare', 5, 11],
    ['cloudfront', 3, 12],
    ['fastly', 1, 7],
    ['nginx', 6, 9],
    ['haproxy', 6, 8],
    ['chrome', 29, 30],
    ['firefox', 28, 28],
    ['apple', 20, 21],
    ['android', 15, 15],
    ['java', 26, 27],
    ['node', 26, 27],
  ])
})

test('Cloudflare refuses what ends in less than 14 days, and takes what has 14 left', () => {
  const endingIn = (days: number) => {
    const notAfter = new Date(at.getTime() + days * 86_400_000)
    const made = publicLeaf(intermediate, { notAfter })
    return rulesOf(ask([pem(made, intermediate), keyOf(made)], 'cloudflare'))
  }
  expect(endingIn(13)).toContain('expires-soon')
  expect(endingIn(14)).not.toContain('expires-soon')
})
