import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { arch, release } from 'node:os'
import { join } from 'node:path'
import { asEdgekeepError } from '../../../client/client.ts'
import { productVersion } from '../../../contract/engine/product-version.ts'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { makeHome } from '../../../engine-process/home-folder.ts'
import { lookForInstallation } from '../../../engine-process/installed-at.ts'
import { withoutKeys } from '../../../platform/log/without-keys.ts'
import type { GlobalOptions, Result } from '../../frame/command.ts'
import { writeOutput } from '../../input/files.ts'
import { withEngine } from '../../session.ts'
import { namesInVault, replacementsOf, withoutNames, withoutProgramOutput } from './replaced-names.ts'

/** Tail of each log; more is rarely about the fault. */
const tailBytes = 64 * 1024
const logs = ['engine.log', 'engine-errors.log', 'desktop.log']

/**
 * Text for a bug report: versions, system, state and the ends of the logs. No key or passphrase is in a log,
 * and anything that looks like one is removed again here; names in the vault and its audit trail, and the home
 * and data folders, are replaced. While the names cannot be read, nothing of the logs is in it.
 */
export async function bugReport(global: GlobalOptions, out: string | undefined): Promise<Result> {
  const { folder } = makeHome(global.home)
  const { status, names, failure } = await stateOf(global)
  const parts = [
    '# Edgekeep bug report',
    section('Program', factsOf()),
    section('Engine', status ? stateLines(status) : [failure]),
    ...(status ? logSections(folder) : [section('Logs', [logsLeftOut])]),
  ]
  const text = withoutNames(
    withoutProgramOutput(withoutKeys(parts.join('\n\n'))),
    replacementsOf(names, folder),
  )
  if (out === undefined) return { data: { report: text }, text, isDocument: true }
  writeOutput(out, Buffer.from(`${text}\n`), 'public')
  return { data: { written: out }, text: `Wrote ${out}. Read it before you send it.` }
}

const logsLeftOut = 'Left out: the names to replace in them could not be read from the vault.'

function logSections(folder: string): string[] {
  return logs.flatMap((name) => {
    const tail = tailOf(join(folder, 'logs', name))
    return tail === '' ? [] : [section(`End of ${name}`, [tail])]
  })
}

interface State {
  status: EngineStatus | null
  names: string[]
  /** Reason why there is no status. */
  failure: string
}

async function stateOf(global: GlobalOptions): Promise<State> {
  try {
    return await withEngine(
      global,
      async ({ client }) => {
        const [status, names] = await Promise.all([client.engine.status(), namesInVault(client)])
        return { status, names, failure: '' }
      },
      'facts',
    )
  } catch (error) {
    const { code, message } = asEdgekeepError(error)
    return { status: null, names: [], failure: `${code}: ${message}` }
  }
}

function factsOf(): string[] {
  return [
    `Edgekeep ${productVersion}, ${lookForInstallation()?.kind ?? 'unknown installation'}`,
    `${process.platform} ${release()} ${arch()}, Node ${process.version}`,
  ]
}

function stateLines({ edge, protection, domains, certificates, configuration }: EngineStatus): string[] {
  return [
    `Edge ${edge.state}, HTTPS ${edge.https?.port ?? '-'}, HTTP ${edge.http?.port ?? '-'}, ${edge.restarts} restarts, ${edge.faults} faults`,
    ...(edge.problem ? [`${edge.problem.code}: ${edge.problem.message}`] : []),
    `Vault ${protection.locked ? 'locked' : 'open'}, protected by ${protection.protector}`,
    `${domains.total} domains, ${domains.onHttps} on HTTPS, ${domains.down} down, ${certificates} certificates`,
    `Configuration ${configuration.version}, in effect ${configuration.inEffect ?? '-'}`,
  ]
}

function section(title: string, lines: string[]): string {
  return [`## ${title}`, '', ...lines].join('\n')
}

/** Last whole lines of a file, at most `tailBytes`; empty without the file. */
function tailOf(path: string): string {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return ''
  }
  try {
    const { size } = fstatSync(file)
    const bytes = Buffer.alloc(Math.min(size, tailBytes))
    readSync(file, bytes, 0, bytes.length, size - bytes.length)
    const text = bytes.toString('utf8')
    return (size > tailBytes ? text.slice(text.indexOf('\n') + 1) : text).trimEnd()
  } finally {
    closeSync(file)
  }
}
