import type { TargetServer } from '../../contract/targets/targets.ts'
import { accountThumbprint } from '../acme/client/sessions.ts'
import { certificateSourceOf } from './certificate-source.ts'
import { hasFailed, openHost, publishToFleet } from './fleet.ts'
import type { Host } from './hosts/host.ts'
import { hasKeys } from './kinds/kinds.ts'
import type { Outcome, Publication } from './publication.ts'
import { certificatesByDomain, hasCertificate } from './site-certificates.ts'

type FleetPublication = Omit<Publication, 'host' | 'server'>

/**
 * Lets all servers of a target answer HTTP-01 challenges while `act` publishes: the authority may connect to any of
 * them. The answers are a release of their own, with proof and rollback, that the meant one replaces; a server that
 * did not get the meant one goes back to what it served.
 */
export async function whileAnswering(
  publication: FleetPublication,
  servers: readonly TargetServer[],
  act: (servers: readonly TargetServer[]) => Promise<Outcome[]>,
  open = openHost,
): Promise<Outcome[]> {
  const isAsked = !publication.dryRun && hasKeys(publication.setup)
  const answers = isAsked ? answersFor(publication, servers) : new Map<string, string>()
  if (answers.size === 0) return act(servers)
  const hosts: Host[] = []
  const openForBoth: typeof openHost = async (server, key) => {
    const host = await open(server, key)
    hosts.push(host)
    return { ...host, close: () => undefined }
  }
  try {
    const prepared = await publishToFleet({ ...publication, answers }, servers, openForBoth)
    if (prepared.some(hasFailed)) return prepared
    const outcomes = await publishedOrUndone(prepared, act)
    return await Promise.all(outcomes.map((outcome, at) => withoutAnswers(prepared[at], outcome)))
  } finally {
    for (const host of hosts) host.close()
  }
}

/** Thumbprints of the accounts by whose HTTP-01 challenges certificates are ordered, by domain. */
function answersFor(publication: FleetPublication, servers: readonly TargetServer[]): Map<string, string> {
  const { parts, sites } = publication
  const published = servers.map(certificatesByDomain)
  return new Map(
    sites.flatMap(({ name }) => {
      if (publication.upload?.domains.has(name)) return []
      const source = certificateSourceOf(parts, name)
      if (source.by !== 'acme' || source.wish.challenge !== 'http-01') return []
      if (published.every((each) => hasCertificate(publication, each.get(name)))) return []
      return [[name, accountThumbprint(parts, source.account)] as const]
    }),
  )
}

async function publishedOrUndone(
  prepared: readonly Outcome[],
  act: (servers: readonly TargetServer[]) => Promise<Outcome[]>,
): Promise<Outcome[]> {
  try {
    return await act(prepared.map(({ server }) => server))
  } catch (error) {
    for (const { undo } of prepared) await undo?.()
    throw error
  }
}

/** Takes the answers away at a server that has no other release since. */
async function withoutAnswers(prepared: Outcome | undefined, outcome: Outcome): Promise<Outcome> {
  if (!prepared?.undo) return outcome
  const { report } = outcome
  report.diff = prepared.report.diff
  report.steps.unshift({ step: 'answers', ok: true, sentence: 'It answers the challenges of the authority.' })
  if (outcome.server.release !== prepared.server.release) return outcome
  const { report: undone, server } = await prepared.undo()
  if (undone.state === 'rolled-back') return { ...outcome, server }
  report.state = 'failed'
  report.steps.push(...undone.steps.filter(({ ok }) => !ok))
  return { ...outcome, server }
}
