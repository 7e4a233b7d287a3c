import type { StandIn } from '../../edge/protocol/snapshot.ts'
import { issueForTest } from '../local-authority/local-authority.ts'
import type { DevelopNeeds, LiveRun } from './needs.ts'

/*
 * Page under the name of a development server that has ended, until the engine ends or the name is used again.
 * Every local user can read it, so it holds neither the command nor its output, which may contain secrets.
 */

/** Pages kept, the latest ones: each has a key in memory. */
const mostPages = 50
export const pageLifeMs = 90 * 86_400_000

export async function leaveEndedPage(parts: DevelopNeeds, ended: LiveRun): Promise<void> {
  const { vault, endedRuns, unknownNames, temporaryNames, supervisor } = parts
  const { domain } = ended
  if (!vault.isOpen() || parts.liveRuns.has(domain) || vault.domains.get(domain)) return
  try {
    const certificate = await issueForTest(parts, domain, pageLifeMs)
    certificate.forget()
    unknownNames.delete(domain)
    endedRuns.set(domain, ended)
    temporaryNames.add(domain, 9, certificate, pageOf(parts, ended))
    for (const oldest of [...endedRuns.keys()].slice(0, -mostPages)) removePage(parts, oldest)
    await supervisor?.apply()
  } catch (error) {
    parts.log.warn({ err: error, domain }, 'Page of an ended development server not served')
  }
}

/** Removes the page of a name that a run has now. */
export function removePage({ endedRuns, unknownNames, temporaryNames }: DevelopNeeds, domain: string): void {
  if (endedRuns.delete(domain) || unknownNames.delete(domain)) temporaryNames.remove(domain)
}

/** Updates the other servers that the pages link to. */
export function updatePages(parts: DevelopNeeds): void {
  for (const name of parts.unknownNames.keys())
    parts.temporaryNames.setStandIn(name, unknownPage(parts, name))
  for (const ended of parts.endedRuns.values())
    parts.temporaryNames.setStandIn(ended.domain, pageOf(parts, ended))
}

function pageOf({ liveRuns }: DevelopNeeds, { service, status }: LiveRun): StandIn {
  const end = status === null || isStop(status) ? 'was stopped' : `ended with exit status ${status}`
  const links = [...liveRuns.values()].map(({ address }) => address)
  const others = links.length > 0 ? ' Also running here:' : ''
  const sentence = `The development server of ${service} ${end}. To start it again, run "edgekeep run" in its folder. This page loads again until then.${others}`
  return { sentence, links, retrySeconds: 2 }
}

export function unknownPage({ liveRuns }: DevelopNeeds, name: string): StandIn {
  const links = [...liveRuns.values()].map(({ address }) => address)
  const others = links.length > 0 ? ' Running here:' : ''
  const sentence = `Nothing is served at ${name}. To serve it, run "edgekeep run" in the folder of a project, or "edgekeep domain add ${name} --origin http://127.0.0.1:3000".${others}`
  return { sentence, links, isUnknown: true }
}

/** Statuses of a server that was stopped by SIGINT or SIGTERM, or ended well. */
const isStop = (status: number) => [0, 130, 143].includes(status)
