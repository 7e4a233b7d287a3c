import type { Client } from '../../../client/client.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { NameReport } from '../../../contract/names/names.ts'
import { sentences } from '../../../contract/text/sentences.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import type { TrustClient } from '../../../contract/trust/trust.ts'
import { greenness, joinNames, runnableClients } from '../../../domain/green-browsers.ts'
import { firstDomain } from '../../output/command-for-home.ts'
import type { GlobalOptions, Result } from '../../frame/command.ts'
import { printLine } from '../../output/output.ts'
import { proofTable, proven } from '../trust/proof-table.ts'

type ProvingClient = Pick<Client, 'domains' | 'engine' | 'names' | 'setup' | 'trust'>

interface Proven {
  client: ProvingClient
  global: GlobalOptions
  /** Runs as soon as a domain is green. */
  opened: (address: string) => void
}

/**
 * Runs the browsers against each domain and prints its address at once where they accept it; then the other
 * clients against the first one. The result is negative where a browser does not accept a domain.
 */
export async function provenSetup(work: Proven, domains: string[] | undefined): Promise<Result> {
  const { client, global, opened } = work
  const { names } = await client.names.status({ domains })
  const { browsers, others } = runnableClients((await client.trust.status()).clients)
  const tested: TestedDomain[] = []
  for (const name of names) {
    const one = await testDomain(work, name, browsers.length > 0 ? browsers : others)
    tested.push(one)
    if (!global.json) printLine(one.sentence)
    if (one.address !== null && tested.length === 1) opened(one.address)
  }
  const [first] = tested
  if (first && first.address !== null && browsers.length > 0 && others.length > 0)
    first.clients.push(...(await proven(client.setup.prove({ domain: first.host, clients: others }), global)))
  const red = tested.filter(({ address }) => address === null).map(({ host }) => host)
  return {
    data: { tested, clients: first?.clients ?? [], address: first?.address ?? null },
    text: first ? tables(tested) : `${sentences.noDomains} ${firstDomain(global)}`,
    no: red.length > 0 ? new EdgekeepError('setup.not_green', { domains: red }) : undefined,
  }
}

interface TestedDomain {
  host: string
  /** Null if a browser does not accept it. */
  address: string | null
  sentence: string
  clients: TrustClient[]
}

async function testDomain(
  { client, global }: Proven,
  { domain, host, leads, sentence, fix }: NameReport,
  clients: string[],
): Promise<TestedDomain> {
  const none = { host, address: null, clients: [] }
  const { https } = await client.domains.get({ domain })
  if (https.state !== 'on' || https.outage !== null)
    return { ...none, sentence: `${readableName(host)} is not tested: HTTPS is not served for it.` }
  const tried = await proven(client.setup.prove({ domain: host, clients }), global)
  const { state, names } = greenness(tried)
  const address = await addressOf(client, host)
  if (state === 'green')
    return { ...none, address, clients: tried, sentence: `Green in ${joinNames(names)}: ${address}` }
  const why = leads === 'here' || leads === 'browsers' ? '' : ` ${sentence} ${fix ?? ''}`.trimEnd()
  return { ...none, clients: tried, sentence: `Not green yet: ${address}${why}` }
}

async function addressOf(client: ProvingClient, host: string): Promise<string> {
  const { edge } = await client.engine.status()
  const port = edge.https?.port ?? 443
  return `https://${host}${port === 443 ? '' : `:${port}`}/`
}

function tables(tested: TestedDomain[]): string {
  return tested
    .filter(({ clients }) => clients.length > 0)
    .map(({ host, clients }) => `${tested.length > 1 ? `${readableName(host)}\n` : ''}${proofTable(clients)}`)
    .join('\n\n')
}
