import {
  publishedStates,
  type ServerReport,
  type Target,
  type TargetServer,
} from '../../contract/targets/targets.ts'
import { commit } from '../core/commit.ts'
import type { PublishNeeds } from './needs.ts'
import type { Outcome } from './publication.ts'
import { renewalAfter } from './renewal-state.ts'
import { changeTarget } from './stored-targets.ts'

const mostHistory = 20

interface Published {
  domains: string[]
  outcomes: readonly Outcome[]
  configuration: string
  isRenewal: boolean
}

export async function record(
  parts: PublishNeeds,
  name: string,
  { domains, outcomes, configuration, isRenewal }: Published,
): Promise<void> {
  const reports = outcomes.map(({ report }) => report)
  const servers = reports.map(({ diff: _, renewed: __, ...past }) => past)
  const isPublished = servers.some(({ state }) => publishedStates.has(state))
  await commit(parts, () => {
    const at = parts.clock().toISOString()
    const entry = { at, domains, servers }
    changeTarget(parts, name, (target) => ({
      ...(isPublished && { domains, configuration }),
      servers: outcomes.map(({ server, report }) => ({
        ...server,
        switchedAt: switchedAfter(report.state, server, at),
      })),
      renewal: target.renewal && renewalAfter(parts, target.renewal, { domains, outcomes }),
      history: historyWith(entry, target.history, isRenewal),
    }))
    const states = servers.map(({ server, state }) => ({ server, state }))
    const after = { domains, servers: states }
    return { record: { action: 'target.publish', subject: name, before: null, after } }
  })
}

/** A server whose rollback is not proven stays noted, so that it is taken back again. */
function switchedAfter(
  state: ServerReport['state'],
  { switchedAt }: TargetServer,
  at: string,
): string | null {
  if (state === 'failed') return at
  return publishedStates.has(state) || state === 'rolled-back' ? null : switchedAt
}

/** A repeated renewal takes the place of the one before. */
export function historyWith(entry: Entry, history: Entry[], isRenewal: boolean): Entry[] {
  const [last, ...earlier] = history
  const statesOf = ({ servers }: Entry) => servers.map(({ state }) => state).join()
  const isRepeated = isRenewal && last !== undefined && statesOf(last) === statesOf(entry)
  return [entry, ...(isRepeated ? earlier : history)].slice(0, mostHistory)
}

type Entry = Target['history'][number]
