import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { toPem } from '../../src/pki/formats/convert.ts'
import { askedPrograms } from '../support/clients/asked-programs.ts'
import { clientCases } from '../support/clients/cases.ts'
import { type ClientCase, createWorkshop, type ServedChain } from '../support/clients/client-case.ts'
import { clientsPage } from '../support/clients/clients-page.ts'
import { disagreements } from '../support/clients/disagreements.ts'
import type { OpenProgram, Trusting } from '../support/clients/program.ts'
import { readRecorded, writeRecorded } from '../support/clients/recorded.ts'
import { serveCase } from '../support/clients/serve-case.ts'

/**
 * Asks real programs about the chains of `test/support/clients`, each served on loopback, and compares their
 * answers with the recorded table and with the rule packs:
 *
 *     npm run conformance -- clients [--only chrome,curl] [--cases key-,chain-usual] [--record]
 *
 * `--record` writes the table, `test/support/clients/recorded.json` and `docs/clients.md`. Exits with 1 where
 * a program answers otherwise than recorded, or a pack differs from its program without a known reason.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    cases: { type: 'string' },
    record: { type: 'boolean', default: false },
  },
})
const wanted = (list: string | undefined) => list?.split(',').filter(Boolean)
const onlyPrograms = wanted(values.only)
const onlyCases = wanted(values.cases)
const print = (line: string) => process.stdout.write(`${line}\n`)

const workshop = createWorkshop()
const chains = clientCases
  .filter(({ id }) => onlyCases?.some((start) => id.startsWith(start)) ?? true)
  .map((each) => ({ case: each, chain: each.make(workshop) }))
const recorded = readRecorded()
const askedOn = new Date().toISOString().slice(0, 10)
const folder = mkdtempSync(join(tmpdir(), 'edgekeep-clients-'))
let changed = 0

try {
  const programs = await openPrograms(trustingIn(folder))
  for (const { case: each, chain } of chains) await askAll(each, chain, programs)
  for (const { open } of programs) await open.close()
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}
if (values.record) {
  writeRecorded(recorded)
  const page = fileURLToPath(new URL('../../docs/clients.md', import.meta.url))
  writeFileSync(page, clientsPage(recorded))
  execFileSync(fileURLToPath(new URL('../../node_modules/.bin/oxfmt', import.meta.url)), [page])
}
const different = disagreements(recorded)
for (const { cell, theirs, ours, known } of different)
  if (known === undefined) print(`pack differs: ${cell}: ${theirs} | ${ours}`)
const unnamed = different.filter(({ known }) => known === undefined).length
print(
  `${chains.length} cases; ${changed} answers changed; packs differ in ${different.length} cells, ${unnamed} without a reason`,
)
process.exitCode = unnamed > 0 || (changed > 0 && !values.record) ? 1 : 0

function trustingIn(path: string): Trusting {
  const roots = [workshop.root.der, ...chains.flatMap(({ chain }) => chain.roots)].map((der) => toPem(der))
  const rootsPath = join(path, 'roots.pem')
  writeFileSync(rootsPath, roots.join(''))
  return { folder: path, rootsPath, roots }
}

interface Opened {
  id: string
  open: OpenProgram
}

async function openPrograms(trusting: Trusting): Promise<Opened[]> {
  const opened: Opened[] = []
  for (const { id, name, open } of askedPrograms) {
    if (onlyPrograms && !onlyPrograms.includes(id)) continue
    try {
      const program = await open(trusting)
      opened.push({ id, open: program })
      recorded.programs[id] = { name, version: program.version, askedOn }
      print(`${name}: ${program.version}`)
    } catch (error) {
      print(`${name} is not asked: ${(error as Error).message}`)
    }
  }
  return opened
}

async function askAll({ id, host }: ClientCase, chain: ServedChain, programs: Opened[]): Promise<void> {
  const server = await serveCase(chain)
  const before = (recorded.cases[id] ??= {})
  for (const { id: program, open } of programs) {
    const answer = steadyText(await open.ask({ host, port: server.port }), server.port)
    if (before[program] !== answer) {
      changed += 1
      print(`${program} ${id}: ${before[program] ?? 'not recorded'} → ${answer}`)
      before[program] = answer
    }
  }
  server.close()
}

/** The answer without port, paths of this run and times. */
function steadyText(answer: string, port: number): string {
  return answer
    .replaceAll(`:${port}`, '')
    .replace(/ *\(CAfile: .*$/, '')
    .replaceAll(/(?:current time )?\d{4}-\d\d-\d\dT[\d:]+Z?/g, '…')
    .replaceAll(/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} .*$/g, '…')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 160)
    .trim()
}
