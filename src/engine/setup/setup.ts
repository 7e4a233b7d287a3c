import type { SetupSelection } from '../../contract/trust/setup.ts'
import type { TrustAction, TrustPlan } from '../../contract/trust/trust.ts'
import type { SetupNeeds } from './needs.ts'
import { namesChanges } from '../names/hosts-change.ts'
import { proxyUnitChanges } from '../names/proxy-unit-change.ts'
import { suffixChanges } from '../names/suffix-change.ts'
import { portsChanges } from '../names/ports-change.ts'
import { domainChanges, httpsChanges, needsTrust } from './https-change.ts'
import { loginChanges } from './login-changes.ts'
import { originChanges } from './origin-change.ts'
import { undoableRoots } from '../trust/atlas.ts'
import { authorityStep, trustChanges, trustSteps } from '../trust/change.ts'
import {
  expectRecordable,
  applyChanges,
  type Change,
  type ChangeEvent,
  type Elevation,
  planToRead,
} from '../changes/changes.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { formatOrigin } from '../../domain/origin-text.ts'
import { quoted } from '../../platform/commands/shell.ts'

export async function planSetup(
  parts: SetupNeeds,
  { dryRun, ...selection }: SetupSelection & { dryRun: boolean },
): Promise<TrustPlan> {
  const planned = { action: selection.action, command: commandOf(selection) }
  if (dryRun) return planToRead(planned, authorityFirst(await setupChanges(parts, selection, trustSteps)))
  return parts.plans.show(planned, await setupChanges(parts, selection, trustChanges))
}

/** Command with the same steps. */
function commandOf({
  action,
  parts,
  domains = [],
  suffixes = [],
  origin,
  cure,
  root,
}: SetupSelection): string {
  const areNames = parts.every((part) => part === 'names')
  const verb = areNames ? ['names', action] : parts.includes('login') ? ['uninstall'] : ['setup']
  const line = [
    ...verb,
    ...(verb[0] === 'setup' && action === 'undo' ? ['--undo'] : []),
    ...domains.map(readableName),
    ...(suffixes.length > 0 ? ['--suffix', ...suffixes] : []),
    ...(origin ? ['--origin', formatOrigin(origin)] : []),
    ...(cure === 'trust-root' ? ['--trust-root', ...(root ? [root.name] : [])] : []),
    ...(cure === 'free-certificate' ? ['--free'] : []),
  ]
  return ['edgekeep', ...line].map(quoted).join(' ')
}

/** HTTPS with a free certificate needs the authority before any store does. */
function authorityFirst(steps: Pick<Change, 'step'>[]): Pick<Change, 'step'>[] {
  const isLater = ({ step }: Pick<Change, 'step'>) => Number(step !== authorityStep)
  return steps.toSorted((a, b) => isLater(a) - isLater(b))
}

/**
 * Applies a setup or its undo. A failure does not stop the others; every change is in the audit trail.
 * @throws `vault.locked` for an install
 */
export async function* applySetup(
  parts: SetupNeeds,
  selection: SetupSelection & { plan?: string; elevation: Elevation },
  signal: AbortSignal | undefined,
): AsyncGenerator<ChangeEvent> {
  expectRecordable(parts, selection.action)
  const changes = parts.plans.take(selection.plan) ?? (await setupChanges(parts, selection, trustChanges))
  yield* applyChanges(changes, selection.elevation, signal)
}

/** Without a root there is nothing to undo. */
function isAboutTrust(parts: SetupNeeds, { action, ...chosen }: SetupSelection): boolean {
  return action === 'install' ? needsTrust(parts, chosen) : undoableRoots(parts) !== undefined
}

/** Changes of the hosts file for single names, of the system's resolver for suffixes. */
async function nameChanges(parts: SetupNeeds, selection: SetupSelection): Promise<Change[]> {
  const { action, domains, suffixes, proxyPort, origin } = selection
  const isAll = domains === undefined && suffixes === undefined && !proxyPort
  const areNamesMeant = domains !== undefined || isAll
  const areSuffixesMeant = suffixes !== undefined || (action === 'undo' && isAll)
  const isPortMeant = proxyPort || (action === 'undo' && isAll)
  return [
    ...(areNamesMeant ? await namesChanges(parts, { action, domains, isAdded: origin !== undefined }) : []),
    ...(areSuffixesMeant ? await suffixChanges(parts, { action, suffixes }) : []),
    ...(isPortMeant ? proxyUnitChanges(parts, action) : []),
  ]
}

/** `ofTrust` returns the changes of stores, or only their steps for a dry run. */
async function setupChanges<C extends Pick<Change, 'step'>>(
  parts: SetupNeeds,
  selection: SetupSelection,
  ofTrust: (parts: SetupNeeds, selection: { action: TrustAction }) => Promise<C[]>,
): Promise<(C | Change)[]> {
  const { action } = selection
  const has = (part: SetupSelection['parts'][number]) => selection.parts.includes(part)
  const isHttpsMeant = has('https') && action === 'install'
  const https = isHttpsMeant
    ? [...domainChanges(parts, selection), ...(await httpsChanges(parts, selection))]
    : []
  const origins = isHttpsMeant ? await originChanges(parts, selection) : []
  const trust = has('trust') && isAboutTrust(parts, selection) ? await ofTrust(parts, { action }) : []
  const names = has('names') ? await nameChanges(parts, selection) : []
  const ports = has('ports') ? await portsChanges(parts, action) : []
  const login = has('login') && action === 'undo' ? loginChanges(parts) : []
  return [...https, ...origins, ...trust, ...names, ...ports, ...login]
}
