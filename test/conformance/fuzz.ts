import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { isErrorCode, EdgekeepError } from '../../src/contract/errors/registry.ts'
import { intakeReportSchema } from '../../src/contract/inspect/certificate-facts.ts'
import { readableName } from '../../src/contract/text/readable-name.ts'
import { asn1Part, readAsn1 } from '../../src/pki/asn1/tree.ts'
import { selectLeaf } from '../../src/pki/intake/select-leaf.ts'
import { cleanFiles } from '../../src/pki/intake/clean-files.ts'
import { compareCertificates } from '../../src/pki/comparison/comparison.ts'
import { openIntake } from '../../src/pki/intake/intake.ts'
import { matchFiles } from '../../src/pki/intake/match.ts'
import { normaliseDomain } from '../../src/pki/x509/host-names.ts'
import { makeReport } from '../../src/pki/report/report.ts'
import { verifyCertificate } from '../../src/pki/verify/verify.ts'
import { makeChain, moment } from '../support/pki/certificate-maker.ts'
import { mutated } from '../support/pki/mutation.ts'
import { foundInText, needlesOf, type Needles } from '../support/pki/needles.ts'
import { sample, samplePassphrase, sampleText } from '../support/pki/samples.ts'

/**
 * Damages every sample and gives it to every parser (PEM, DER, PKCS#7, #8, #12, requests, revocation lists,
 * OpenSSH, the verifier, names) and to all that judges the result (lint, preflight, time machine, comparison,
 * diagnosis, reports). Exits with 1 if one crashed, took longer than two seconds or showed a key. `npm run
 * conformance -- files --minutes 10`
 */
const minutesAt = process.argv.indexOf('--minutes')
const minutes = minutesAt < 0 ? 1 : Number(process.argv[minutesAt + 1])
if (!(minutes > 0)) {
  process.stderr.write('Give a number of minutes: npm run conformance -- files --minutes 10\n')
  process.exit(2)
}
const patienceMs = 2000

const folder = new URL('../support/pki/samples/', import.meta.url)
const samples = readdirSync(folder).filter((name) => !name.endsWith('.sh'))
const files = samples.map((name) => sample(name).bytes)
const needles: Needles[] = ['rsa', 'p256', 'p384', 'p521'].map((name) =>
  needlesOf(sampleText(`${name}.key.pem`)),
)
const { root, intermediate, leaf } = makeChain()
const chain = [leaf.der, intermediate.der, root.der]

/** Returns the part of the answer that the caller could see. */
type Target = (bytes: Uint8Array) => unknown
const targets: Record<string, Target> = {
  intake: (bytes) => reportOn([{ name: 'a.bin', bytes }]),
  'intake beside a chain': (bytes) => reportOn([{ name: 'a.bin', bytes }, sample('rsa.crt.pem')]),
  match: (bytes) => matchFiles([{ name: 'a.crt', bytes: files[0] ?? bytes }], [{ name: 'a.key', bytes }]),
  'match, certificate': (bytes) => matchFiles([{ name: 'a.crt', bytes }], [sample('rsa.key.pem')]),
  'every view of files': (bytes) => views([{ name: 'a.bin', bytes }, sample('rsa.crt.pem')]),
  // These repeat their input, which is only public parts and typed text.
  'an extension nobody knows': (bytes) => void readAsn1(bytes),
  'ASN.1 by parts': (bytes) => asn1Parts(bytes),
  domain: (bytes) => roundTrip(Buffer.from(bytes.subarray(0, 300)).toString('utf8')),
}
const verifications: Record<string, Target> = {
  'verify, leaf': (bytes) => verify(bytes, intermediate.der, root.der),
  'verify, intermediate': (bytes) => verify(leaf.der, bytes, root.der),
  'verify, anchor': (bytes) => verify(leaf.der, intermediate.der, bytes),
  'verify, CRL': (bytes) => verify(leaf.der, intermediate.der, root.der, bytes),
}

function reportOn(given: { name: string; bytes: Uint8Array }[]): unknown {
  const intake = openIntake(given, { passphrase: samplePassphrase })
  try {
    intakeReportSchema.parse(intake.report)
    if (intake.report.problems.some(({ code }) => !isErrorCode(code))) throw new Error('a code nobody knows')
    return intake.report
  } finally {
    intake[Symbol.dispose]()
  }
}

/** Lint, preflight, time machine, comparison, diagnosis and the report in its three forms. */
function views(given: { name: string; bytes: Uint8Array }[]): unknown {
  const intake = openIntake(given, { passphrase: samplePassphrase })
  try {
    const trusted = { name: 'the given roots', certificates: [root.der] }
    const about = {
      intake,
      files: ['a.bin'],
      at: moment,
      anchors: [trusted],
      publicRoots: trusted,
      version: '0',
    }
    const documents = (['html', 'json', 'sarif'] as const).map((format) => makeReport(about, format).text)
    const { leaf: chosen, chain: above } = selectLeaf(intake)
    const side = { leaf: chosen, intermediates: above }
    const changes = compareCertificates({ leaf: leaf.der, intermediates: [] }, side)
    // Certificates as PEM hold the public half, and the last line of an EC key's PEM may spell it alike.
    const { files: _, ...clean } = cleanFiles(intake)
    return [documents, changes, clean]
  } finally {
    intake[Symbol.dispose]()
  }
}

/** The whole input, and a parse from each of its first octets. */
function asn1Parts(bytes: Uint8Array): void {
  for (let offset = 0; offset < Math.min(bytes.length, 40); offset += 1) {
    try {
      asn1Part(bytes, { offset, depth: 24 })
    } catch (error) {
      if (!(error instanceof EdgekeepError)) throw error
    }
  }
}

function roundTrip(typed: string): void {
  try {
    const domain = normaliseDomain(typed)
    if (normaliseDomain(readableName(domain)) !== domain) throw new Error('a domain changes by being shown')
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
  }
}

function verify(one: Uint8Array, between: Uint8Array, anchor: Uint8Array, crl?: Uint8Array): unknown {
  return verifyCertificate({
    leaf: one,
    intermediates: [between],
    anchors: [{ name: 'the given roots', certificates: [anchor] }],
    at: moment,
    host: 'shop.test',
    ...(crl ? { crls: [crl] } : {}),
  })
}

const found: string[] = []
const runs = new Map<string, number>()
let slowestMs = 0

function note(target: string, problem: string, bytes: Uint8Array): void {
  const line = `${target}: ${problem}`
  if (found.includes(line)) return
  found.push(line)
  process.stdout.write(`${line}\n  ${Buffer.from(bytes).toString('base64').slice(0, 6000)}\n`)
}

function tryOne(name: string, act: Target, bytes: Uint8Array): void {
  const started = process.threadCpuUsage()
  let seen: unknown
  try {
    seen = act(bytes)
  } catch (error) {
    if (!(error instanceof EdgekeepError)) note(name, `crashed: ${String(error)}`, bytes)
    seen = error instanceof Error ? [error.message, { ...error }] : error
  }
  const { user, system } = process.threadCpuUsage(started)
  const ms = (user + system) / 1000
  slowestMs = Math.max(slowestMs, ms)
  if (ms > patienceMs) note(name, 'took too long', bytes)
  const text = JSON.stringify(seen) ?? ''
  if (needles.some((secret) => foundInText(text, secret).length > 0)) note(name, 'shows a key', bytes)
  runs.set(name, (runs.get(name) ?? 0) + 1)
}

const crl = sample('root.crl.pem').bytes
const inputs: [Record<string, Target>, fc.Arbitrary<Uint8Array>][] = [
  [targets, mutated(files)],
  [verifications, mutated([...chain, crl, sample('large.crl.der').bytes.subarray(0, 4000)])],
]
const end = Date.now() + minutes * 60_000
let seed = Date.now()
process.stdout.write(`Seed ${seed}\n`)
while (Date.now() < end) {
  for (const [group, arbitrary] of inputs)
    for (const bytes of fc.sample(arbitrary, { numRuns: 100, seed }))
      for (const [name, act] of Object.entries(group)) tryOne(name, act, bytes)
  seed += 1
}
for (const [name, count] of runs) process.stdout.write(`${name}: ${count} inputs\n`)
process.stdout.write(`Problems: ${found.length}; slowest ${slowestMs.toFixed(0)} ms of processor time\n`)
process.exitCode = found.length === 0 ? 0 : 1
