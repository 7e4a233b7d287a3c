import { fstatSync } from 'node:fs'
import type { ServerOrigin } from '../../../contract/domains/origins.ts'
import type { EdgekeepError } from '../../../contract/errors/registry.ts'
import { parseOrigin } from '../../../domain/origin-url.ts'
import { formatOrigin } from '../../../domain/origin-text.ts'
import type { Home } from '../../../engine-process/home.ts'
import { usageError } from '../../frame/command.ts'
import { onEngine } from '../engine/foreground.ts'
import { addressVariables, trustVariables } from './child-environment.ts'
import { emit, movedMessage } from './run-messages.ts'
import { openRunRecord } from './run-records.ts'
import { serveRun, type ServedRun, trustAndSiblings } from './serve-run.ts'
import { offerTrust, printTrust } from './trust-offer.ts'

interface Wanted {
  home: Home
  project: string
  branch: string | null
  service: string
  names: string[]
  origin: ServerOrigin
  json: boolean
}

/**
 * Gives a server that runs already its address until this command ends, or the program that started it does.
 * Returns the exit status, or the failure of the engine.
 */
export async function attachRun(
  wanted: Wanted,
  engineEnd: Promise<EdgekeepError | null>,
): Promise<number | EdgekeepError> {
  const { home, project, service, origin, json } = wanted
  const record = await openRunRecord(home, { project })
  const { run, end } = await runOf(wanted)
  try {
    record.note([{ name: service, address: run.address }], [])
    await onEngine(home, async (client) => {
      const { trust, siblings } = await trustAndSiblings(client, project)
      const environment = { ...trustVariables({ trust }), ...addressVariables({ own: run, siblings }) }
      const { address } = run
      const ready = { type: 'ready', service, address, origin: formatOrigin(origin), environment }
      emit({ json }, ready, `${address} → ${ready.origin}`)
      await offerTrust({ home, json }, client)
      await printTrust({ home, json }, client)
    })
    return (await Promise.race([engineEnd, starterEnd()])) ?? 0
  } finally {
    await end()
    record.remove()
  }
}

/**
 * Run of the server, which another process of it may have attached already: Next.js reads its configuration in
 * several. The end of this one is not that of the run then.
 */
async function runOf({
  home,
  names,
  project,
  branch,
  service,
  origin,
  json,
}: Wanted): Promise<Pick<ServedRun, 'run' | 'end'>> {
  const present = await onEngine(home, async ({ runs, domains }) => {
    const own = (await runs.list()).find((run) => run.project === project && run.service === service)
    const served = own && (await domains.get({ domain: own.domain })).origin
    return served && formatOrigin(served) === formatOrigin(origin) ? own : undefined
  })
  if (present) return { run: present, end: async () => undefined }
  return serveRun(
    home,
    { names, project, fileFolder: null, branch, service, origin, listens: true },
    movedMessage({ json }),
  )
}

/** The end of standard input, which a program that starts this command holds open until its own end. */
function starterEnd(): Promise<null> {
  const input = fstatSync(0)
  if (!input.isFIFO() && !input.isSocket()) return new Promise(() => undefined)
  return new Promise((resolve) => {
    for (const event of ['end', 'error', 'close']) process.stdin.once(event, () => resolve(null))
    process.stdin.resume()
  })
}

/** The certificate of a server on this computer is its own, and the connection stays on the loopback. */
export function attachedOrigin(written: string): ServerOrigin {
  const origin = parseOrigin(written)
  if (origin.protocol === 'folder') throw usageError('--attach takes the port or the URL of a server.')
  const isLoopback = ['localhost', '127.0.0.1', '::1'].includes(origin.host)
  return { ...origin, verify: origin.verify && !isLoopback }
}
