import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toPem } from '../src/pki/formats/convert.ts'
import { openIntake } from '../src/pki/intake/intake.ts'
import { verifyCertificate } from '../src/pki/verify/verify.ts'
import { publicRoots, systemRoots } from '../src/engine/certificates/anchors.ts'
import {
  makeCertificate,
  makeChain,
  makeKeys,
  moment,
  type MadeCertificate,
} from '../test/support/pki/certificate-maker.ts'

/**
 * Inspection and verification beside other tools in the same run: `npm run bench -- pki`, with `--json` a JSON
 * line per measure. Medians in milliseconds, with our limits on an idle machine. Some measures use new
 * certificates each round, because results are cached. The command is the built one: `npm run build` first.
 */
const roundCount = 200
const processes = 15
const asJson = process.argv.includes('--json')

interface Measure {
  what: string
  ms: number
  perSecond: number
  target?: number
}
const measures: Measure[] = []

const key = () => makeKeys('ec')
const { root, intermediate } = makeChain({ root: { keys: key() }, intermediate: { keys: key() } })
const leafKeys = key()
const newLeaf = () =>
  makeCertificate({ subject: 'shop.test', names: ['shop.test'], issuer: intermediate, keys: leafKeys })
const given = { name: 'the given roots', certificates: [root.der] }
const folder = mkdtempSync(join(tmpdir(), 'edgekeep-bench-'))
const text = (...certificates: MadeCertificate[]) => certificates.map(({ der }) => toPem(der)).join('')
const write = (name: string, content: string) => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

try {
  await inspecting()
  verifying()
  commands()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
print()

async function inspecting(): Promise<void> {
  const chain = Buffer.from(text(newLeaf(), intermediate, root))
  many('inspect: chain of 3, seen before', 0.2, () => inspect(chain))
  each('inspect: chain of 3, a new leaf', 0.2, newLeaf, (leaf) =>
    inspect(Buffer.from(text(leaf, intermediate, root))),
  )
  each('inspect: chain of 3, all new', undefined, newChain, (all) => inspect(Buffer.from(text(...all))))
  const roots = publicRoots().certificates.slice(0, 150)
  const bundle = Buffer.from(roots.map((der) => toPem(der)).join(''))
  once('inspect: bundle of 150, first time', 100, () => inspect(bundle))
  const started = performance.now()
  const [{ AsnConvert }, { Certificate }] = await Promise.all([
    import('@peculiar/asn1-schema'),
    import('@peculiar/asn1-x509'),
  ])
  add('@peculiar/asn1-x509: loading it', performance.now() - started)
  const parse = ({ der }: MadeCertificate) => void AsnConvert.parse(der, Certificate)
  each('@peculiar/asn1-x509: the frames of 3, nothing in words', undefined, newChain, (all) =>
    all.forEach(parse),
  )
  each('node:crypto: 3 read, nothing in words', undefined, newChain, (all) => all.forEach(readOnly))
}

function newChain(): MadeCertificate[] {
  const made = makeChain({
    root: { keys: leafKeys },
    intermediate: { keys: leafKeys },
    leaf: { keys: leafKeys },
  })
  return [made.leaf, made.intermediate, made.root]
}

function inspect(bytes: Uint8Array): void {
  const intake = openIntake([{ name: 'chain.pem', bytes }])
  if (intake.report.problems.length > 0) throw new TypeError('The benchmark reads what is good')
  intake[Symbol.dispose]()
}

function readOnly({ der }: MadeCertificate): void {
  void new X509Certificate(der)
}

function verifying(): void {
  const publicOnly = [given, publicRoots()]
  once('verify: the first one, public roots indexed', 30, () => verify(newLeaf(), publicOnly))
  each('verify: new leaf, public roots', 2, newLeaf, (leaf) => verify(leaf, publicOnly))
  const all = [...publicOnly, systemRoots()]
  each('verify: new leaf, public and system roots', 2, newLeaf, (leaf) => verify(leaf, all))
  each('verify: new leaf of an unknown authority', 2, newLeaf, (leaf) => verify(leaf, [publicRoots()]))
  each('node:crypto: 3 read, 2 signatures, no rules', undefined, newLeaf, signaturesAlone)
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

function signaturesAlone(leaf: MadeCertificate): void {
  const [first, second, third] = [leaf, intermediate, root].map(({ der }) => new X509Certificate(der))
  if (!first || !second || !third) throw new TypeError('Three certificates are needed')
  first.verify(second.publicKey)
  second.verify(third.publicKey)
}

function commands(): void {
  const leaf = write('leaf.pem', text(newLeaf()))
  const [between, anchor] = [write('intermediate.pem', text(intermediate)), write('root.pem', text(root))]
  const at = String(moment.getTime() / 1000)
  const cli = join(import.meta.dirname, '../out/node/cli.js')
  command('edgekeep --version, a process', 200, process.execPath, [cli, '--version'])
  // The leaf alone is of an unknown authority.
  command('edgekeep inspect, a process', 200, process.execPath, [cli, 'inspect', leaf], 1)
  command('edgekeep verify, a process', 200, process.execPath, [
    ...[cli, 'verify', '--leaf', leaf, '--chain', between, '--roots', anchor],
    ...['--at', moment.toISOString()],
  ])
  command('node -e 0, a process', undefined, process.execPath, ['-e', '0'])
  command('openssl x509 -text, a process', undefined, 'openssl', ['x509', '-in', leaf, '-noout', '-text'])
  command('openssl verify, a process', undefined, 'openssl', [
    ...['verify', '-attime', at, '-CAfile', anchor, '-untrusted', between, leaf],
  ])
}

/** `verdict` is the exit status. */
function command(
  what: string,
  target: number | undefined,
  program: string,
  args: string[],
  verdict = 0,
): void {
  const took = Array.from({ length: processes }, () => {
    const started = performance.now()
    const { status } = spawnSync(program, args, { stdio: 'ignore' })
    if (status !== verdict) throw new TypeError(`${what} ended with ${status}`)
    return performance.now() - started
  })
  add(what, medianOf(took), target)
}

/** Too fast for the clock: runs a thousand at a time. */
function many(what: string, target: number, act: () => void): void {
  const took = Array.from({ length: 10 }, () => {
    const started = performance.now()
    for (let round = 0; round < 1000; round += 1) act()
    return (performance.now() - started) / 1000
  })
  add(what, medianOf(took), target)
}

function each<T>(what: string, target: number | undefined, prepare: () => T, act: (input: T) => void): void {
  const took = Array.from({ length: roundCount }, () => {
    const input = prepare()
    const started = performance.now()
    act(input)
    return performance.now() - started
  })
  add(what, medianOf(took), target)
}

function once(what: string, target: number, act: () => void): void {
  const started = performance.now()
  act()
  add(what, performance.now() - started, target)
}

function add(what: string, ms: number, target?: number): void {
  const measure = { what, ms: Number(ms.toPrecision(3)), perSecond: Math.round(1000 / ms) }
  measures.push(target === undefined ? measure : { ...measure, target })
}

function medianOf(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function print(): void {
  if (asJson) {
    for (const measure of measures) console.log(JSON.stringify(measure))
    return
  }
  const ours = (part: string) => measures.find(({ what }) => what.startsWith(part))?.ms ?? Number.NaN
  const ratio = (one: string, other: string) =>
    `${one} : ${other} = 1 : ${(ours(other) / ours(one)).toFixed(2)}`
  console.table(measures)
  console.log(ratio('inspect: chain of 3, all new', '@peculiar/asn1-x509: the frames of 3'))
  console.log(ratio('verify: new leaf, public roots', 'openssl verify'))
  console.log(ratio('edgekeep inspect', 'openssl x509'))
  console.log(ratio('edgekeep verify', 'openssl verify'))
}
