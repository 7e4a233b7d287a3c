import { basename, sep } from 'node:path'
import type { Client } from '../../../client/client.ts'
import type { Run } from '../../../contract/develop/runs.ts'
import type { Domain } from '../../../contract/domains/domains.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { normaliseDomain } from '../../../pki/x509/host-names.ts'
import { type Result, type Session, usageError } from '../../frame/command.ts'
import { facts } from '../../frame/declare.ts'

export const getCommand = facts('get <name>', {
  summary: 'print the address of a domain or a running project',
  about:
    'Print the address of a domain, or of a project or service that "edgekeep run" runs, on one line for scripts. Exit status 1 for an unknown name, and while the engine is not running.',
  examples: ['get shop.test', '$ curl "$(edgekeep get web)/health"'],
  run: get,
})

async function get({ client, engineRuns }: Session, name: string): Promise<Result> {
  if (!engineRuns) throw new EdgekeepError('engine.not_running', {})
  const address = runOf(name, await client.runs.list())?.address ?? (await addressOf(client, name))
  return { data: { address }, text: address, isDocument: true }
}

/** Run by its service or the folder of its project; of several, that of this folder. */
function runOf(name: string, runs: readonly Run[]): Run | undefined {
  const named = runs.filter(({ service, project }) => service === name || basename(project) === name)
  const here = named.filter(({ project }) => `${process.cwd()}${sep}`.startsWith(`${project}${sep}`))
  const [run, ...others] = here.length > 0 ? here : named
  if (others.length === 0) return run
  throw usageError(`"${name}" has several addresses: ${named.map(({ address }) => address).join(', ')}.`)
}

async function addressOf(client: Client, name: string): Promise<string> {
  const domain = await domainOf(client, name)
  const { edge } = await client.engine.status()
  const [scheme, usual] = domain.https.state === 'on' ? (['https', 443] as const) : (['http', 80] as const)
  const port = edge[scheme]?.port ?? usual
  const host = domain.name.startsWith('*.') ? normaliseDomain(name).replace('*', 'www') : domain.name
  return `${scheme}://${host}${port === usual ? '' : `:${port}`}`
}

/** The domain of a name, or the wildcard that serves it. */
function domainOf({ domains }: Client, name: string): Promise<Domain> {
  return domains.get({ domain: name }).catch((error: unknown) =>
    domains.get({ domain: name.replace(/^[^.]+/, '*') }).catch(() => {
      throw error
    }),
  )
}
