import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyCertificate } from '../src/engine/pki/verify/verify.ts'
import { publicRoots, systemRoots } from '../src/engine/trust/anchors.ts'
import {
  makeCertificate,
  makeChain,
  makeKeys,
  moment,
  type MadeCertificate,
} from '../test/support/certificate-maker.ts'

/**
 * Verification of a leaf, an intermediate and a root, ECDSA P-256, beside others in the same run:
 * `node bench/verify.ts`. One JSON line a measure: the median in milliseconds and, for ours, what it should
 * stay under on an idle machine. Every leaf is a new one, so that no signature is remembered.
 */
const ROUNDS = 200

const key = () => makeKeys('ec')
const { root, intermediate } = makeChain({ root: { keys: key() }, intermediate: { keys: key() } })
const leafKeys = key()
const newLeaf = () =>
  makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer: intermediate, keys: leafKeys })
const given = { name: 'given anchors', certificates: [root.der] }
const folder = mkdtempSync(join(tmpdir(), 'edgekeep-bench-'))

try {
  const publicOnly = [given, publicRoots()]
  measureOne('first verification, public roots indexed', 30, () => verify(newLeaf(), publicOnly))
  measure('new leaf, public roots', 2, (leaf) => verify(leaf, publicOnly))
  const all = [...publicOnly, systemRoots()]
  measure('new leaf, public and system roots', 2, (leaf) => verify(leaf, all))
  const same = newLeaf()
  measure('the same leaf again', 1, () => verify(same, all))
  measure('new leaf of an unknown authority', 2, (leaf) => verify(leaf, [publicRoots()]))
  measure('node:crypto, signatures alone', undefined, signaturesAlone)
  measure('openssl verify, a process', undefined, verifyWithOpenssl)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function verify(leaf: MadeCertificate, anchors: Parameters<typeof verifyCertificate>[0]['anchors']): void {
  verifyCertificate({
    leaf: leaf.der,
    intermediates: [intermediate.der],
    anchors,
    at: moment,
    host: 'shop.test',
  })
}

/** The least there is to do: three certificates read, two signatures checked. No path, no rules. */
function signaturesAlone(leaf: MadeCertificate): void {
  const [first, second, third] = [leaf, intermediate, root].map(({ der }) => new X509Certificate(der))
  if (!first || !second || !third) throw new TypeError('Three certificates are needed')
  first.verify(second.publicKey)
  second.verify(third.publicKey)
}

function verifyWithOpenssl(leaf: MadeCertificate): void {
  const pem = ({ der }: MadeCertificate) =>
    `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
  const path = (name: string, certificate: MadeCertificate) => {
    writeFileSync(join(folder, name), pem(certificate))
    return join(folder, name)
  }
  const inputs = ['-CAfile', path('root.pem', root), '-untrusted', path('intermediate.pem', intermediate)]
  const at = String(moment.getTime() / 1000)
  spawnSync('openssl', ['verify', '-attime', at, ...inputs, path('leaf.pem', leaf)])
}

function measure(
  what: string,
  shouldStayUnder: number | undefined,
  act: (leaf: MadeCertificate) => void,
): void {
  const took: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const leaf = newLeaf()
    const started = performance.now()
    act(leaf)
    took.push(performance.now() - started)
  }
  took.sort((a, b) => a - b)
  report(what, shouldStayUnder, took[Math.floor(ROUNDS / 2)] ?? 0)
}

function measureOne(what: string, shouldStayUnder: number, act: () => void): void {
  const started = performance.now()
  act()
  report(what, shouldStayUnder, performance.now() - started)
}

function report(what: string, shouldStayUnder: number | undefined, ms: number): void {
  console.log(JSON.stringify({ what, ms: Number(ms.toFixed(3)), shouldStayUnder }))
}
