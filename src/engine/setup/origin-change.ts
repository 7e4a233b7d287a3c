import { readableName } from '../../contract/text/readable-name.ts'
import type { DevServerKind } from '../../contract/shared/dev-servers.ts'
import type { ServerOrigin } from '../../contract/domains/origins.ts'
import { curingHost, devServerHint, refusalMessage } from '../../domain/dev-servers.ts'
import { ownStep, type Change, type Result } from '../changes/changes.ts'
import { setOrigin } from '../domains/domains.ts'
import { testOrigin } from '../domains/probe-origin.ts'
import type { DomainRow } from '../vault/vault.ts'
import type { SetupNeeds } from './needs.ts'
import { type Chosen, plannedDomains } from './https-change.ts'

/** Changes for the named domains whose origin is a development server that refuses the name. */
export async function originChanges(parts: SetupNeeds, chosen: Chosen): Promise<Change[]> {
  if (chosen.domains === undefined) return []
  return (await Promise.all(plannedDomains(parts, chosen).map((row) => originChange(parts, row)))).flat()
}

async function originChange(
  parts: SetupNeeds,
  { name, origin }: Pick<DomainRow, 'name' | 'origin'>,
): Promise<Change[]> {
  if (origin.protocol === 'folder' || origin.hostHeader !== null) return []
  // An origin that does not answer now is no obstacle: it may be started later.
  const seen = await testOrigin(parts, name, origin).catch(() => null)
  return seen?.refusedBy ? [change(parts, { name, origin, refusedBy: seen.refusedBy })] : []
}

interface Refusal {
  name: string
  origin: ServerOrigin
  refusedBy: DevServerKind
}

function change(parts: SetupNeeds, { name, origin, refusedBy }: Refusal): Change {
  const domain = readableName(name)
  const hint = devServerHint(refusedBy, name)
  const refusal = refusalMessage(refusedBy, domain)
  const title = `the origin of ${domain}`
  const place = { store: `origin:${name}`, title, location: 'the edge' }
  if (!hint?.isCuredByHost) {
    const sentence = `${refusal} Add to ${hint?.file}: ${hint?.lines}`
    return refused(ownStep({ ...place, change: `Lets ${domain} through.` }, { sentence, command: null }))
  }
  const step = ownStep({ ...place, change: `Sends "Host: ${curingHost}" to it. ${refusal}` })
  return { step, act: () => cured(parts, name, { ...origin, hostHeader: curingHost }) }
}

function refused(step: Change['step']): Change {
  return { step, act: () => Promise.resolve({ outcome: 'failed', sentence: step.obstacle?.sentence ?? '' }) }
}

async function cured(parts: SetupNeeds, name: string, origin: ServerOrigin): Promise<Result> {
  await setOrigin(parts, name, origin)
  const { ok, seen } = await testOrigin(parts, name, origin)
  return { outcome: ok ? 'done' : 'failed', sentence: seen }
}
