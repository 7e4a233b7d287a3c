import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openIntake } from '../../src/pki/intake/intake.ts'
import { lint } from '../../src/pki/lint/lint.ts'
import { publicRoots } from '../../src/engine/certificates/anchors.ts'
import { judgeExpectations, readExpectations } from './zlint-expectations.ts'
import { zlintNames } from './zlint-names.ts'

/**
 * Compares the lint with zlint's verdicts, over every certificate below the given folders and the public
 * roots: `npm run conformance -- zlint FOLDER…`. zlint is a Debian package. Prints agreement by rule, with
 * VERBOSE=1 also each certificate on which they differ; exits with 1 if a public root has a finding.
 * A folder `v3` of zlint's source is held against what zlint's own tests expect as well.
 */
const folders = process.argv.slice(2)
const version = spawnSync('zlint', ['-version'], { encoding: 'utf8' })
if (version.error) {
  process.stderr.write('zlint is not installed: apt-get install zlint\n')
  process.exit(2)
}

const roots = publicRoots()
const certificates = new Map<string, Uint8Array>()
const keep = (der: Uint8Array) => certificates.set(createHash('sha256').update(der).digest('hex'), der)
roots.certificates.forEach(keep)
for (const folder of folders) for (const path of filesBelow(folder)) certificatesIn(path).forEach(keep)

function filesBelow(folder: string): string[] {
  if (!statSync(folder).isDirectory()) return [folder]
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Reads a certificate file; from a JSON file, the PEM blocks in its strings. */
function certificatesIn(path: string): Uint8Array[] {
  const bytes = readFileSync(path)
  if (path.endsWith('.json')) {
    const text = bytes.toString('latin1').replaceAll('\\n', '\n')
    const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
    return blocks.flatMap((block) => read(Buffer.from(block)))
  }
  return read(bytes)
}

function read(bytes: Uint8Array): Uint8Array[] {
  const intake = openIntake([{ name: 'given', bytes }])
  const found = [...intake.certificates().values()].map((der) => Uint8Array.from(der))
  intake[Symbol.dispose]()
  return found
}

/** Names of the failed lints, by certificate; none if zlint cannot read it. */
function zlintVerdicts(): Map<string, Set<string>> {
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-zlint-'))
  const verdicts = new Map<string, Set<string>>()
  try {
    for (const [id, der] of certificates) {
      const path = join(folder, 'certificate.der')
      writeFileSync(path, der)
      const { stdout } = spawnSync('zlint', ['-format', 'der', path], {
        encoding: 'utf8',
        maxBuffer: 1 << 24,
      })
      const failed = failedIn(stdout)
      if (failed) verdicts.set(id, failed)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  return verdicts
}

function failedIn(stdout: string): Set<string> | undefined {
  try {
    const results = Object.entries(JSON.parse(stdout) as Record<string, { result: string }>)
    return new Set(
      results.flatMap(([name, { result }]) => (/^(warn|error|fatal)$/.test(result) ? [name] : [])),
    )
  } catch {
    return undefined
  }
}

const theirs = zlintVerdicts()
const ours = new Map(
  lint({ certificates: [...certificates.values()], publicRoots: roots, as: 'public' }).certificates.map(
    (each) => [each.fingerprintSha256, each],
  ),
)

interface Agreement {
  both: number
  oursOnly: string[]
  theirsOnly: string[]
}
const agreement = new Map<string, Agreement>()
for (const [rule, names] of Object.entries(zlintNames)) {
  const rules = rule.split('|')
  const counted: Agreement = { both: 0, oursOnly: [], theirsOnly: [] }
  for (const [id, failed] of theirs) {
    const linted = ours.get(id)
    const we = linted?.findings.some((finding) => rules.includes(finding.rule)) ?? false
    const they = names.some((name) => failed.has(name))
    const title = `${linted?.title} ${id.slice(0, 8)}`
    if (we && they) counted.both += 1
    else if (we) counted.oursOnly.push(title)
    else if (they) counted.theirsOnly.push(title)
  }
  agreement.set(rule, counted)
}

process.stdout.write(
  `${version.stdout.trim()}; ${certificates.size} certificates, ${theirs.size} of them read by zlint\n\n`,
)
process.stdout.write('rule                                     both  ours only  zlint only\n')
for (const [rule, { both, oursOnly, theirsOnly }] of agreement) {
  if (both + oursOnly.length + theirsOnly.length === 0) continue
  const cells = [
    String(both).padStart(4),
    String(oursOnly.length).padStart(9),
    String(theirsOnly.length).padStart(10),
  ]
  process.stdout.write(`${rule.padEnd(40)} ${cells.join('  ')}\n`)
  if (process.env.VERBOSE)
    for (const title of [...oursOnly.map((t) => `ours: ${t}`), ...theirsOnly.map((t) => `zlint: ${t}`)].slice(
      0,
      12,
    ))
      process.stdout.write(`    ${title}\n`)
}

const asItSeems = lint({ certificates: [...certificates.values()], publicRoots: roots }).certificates
const isRoot = new Set(roots.certificates.map((der) => createHash('sha256').update(der).digest('hex')))
const told = asItSeems.filter(
  ({ fingerprintSha256, findings }) => isRoot.has(fingerprintSha256) && findings.length > 0,
)
const silent = asItSeems.filter(({ fingerprintSha256 }) => theirs.get(fingerprintSha256)?.size === 0)
const alarms = silent.filter(({ scope, findings }) => scope === 'public' && findings.some(isGrave))
process.stdout.write(`\nPublic roots told off: ${told.length} of ${roots.certificates.length}\n`)
process.stdout.write(
  `Public certificates without a word from zlint that we tell off: ${alarms.length} of ${silent.length}\n`,
)
for (const { title, findings } of alarms)
  process.stdout.write(
    `  ${title}: ${findings
      .filter(isGrave)
      .map(({ rule }) => rule)
      .join(', ')}\n`,
  )
process.exitCode = told.length === 0 ? 0 : 1
for (const folder of folders.filter((each) => existsSync(join(each, 'lints')))) holdAgainstTests(folder)

function holdAgainstTests(source: string): void {
  const idOf = (file: string): string | undefined => {
    const path = join(source, 'testdata', file)
    const [der] = existsSync(path) ? read(readFileSync(path)) : []
    return der && createHash('sha256').update(der).digest('hex')
  }
  const { hit, silence, miss, extra } = judgeExpectations(readExpectations(join(source, 'lints')), {
    ours: (file) => ours.get(idOf(file) ?? '')?.findings,
    theirs: (file) => theirs.get(idOf(file) ?? '') ?? new Set(),
  })
  const agreed = hit.length + silence.length
  process.stdout.write(
    `\nzlint's own tests: ${agreed} of ${agreed + miss.length + extra.length} agree ` +
      `(${hit.length} found, ${silence.length} silent, ${miss.length} missed, ${extra.length} extra)\n`,
  )
  for (const each of [...miss.map((text) => `missed: ${text}`), ...extra.map((text) => `extra: ${text}`)])
    process.stdout.write(`  ${each}\n`)
}

function isGrave({ severity }: { severity: string }): boolean {
  return severity !== 'notice'
}
