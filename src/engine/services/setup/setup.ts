import type { SetupSelection } from '../../../contract/setup.ts'
import type { TrustPlan } from '../../../contract/trust.ts'
import type { EngineParts } from '../core/parts.ts'
import { namesChanges } from '../names/hosts-change.ts'
import { trustChanges } from '../trust/change.ts'
import { applyChanges, type Change, type ChangeEvent, type Elevation } from './changes.ts'

/** What a setup, or the undo of one, would do to this computer. */
export async function planSetup(parts: EngineParts, selection: SetupSelection): Promise<TrustPlan> {
  return parts.plans.show(selection.action, await setupChanges(parts, selection))
}

/** Does it. What fails leaves the others alone, and every change is in the audit trail. */
export async function* applySetup(
  parts: EngineParts,
  selection: SetupSelection & { plan?: string | undefined; elevation: Elevation },
  signal: AbortSignal | undefined,
): AsyncGenerator<ChangeEvent> {
  const changes = parts.plans.take(selection.plan) ?? (await setupChanges(parts, selection))
  yield* applyChanges(changes, selection.elevation, signal)
}

async function setupChanges(parts: EngineParts, selection: SetupSelection): Promise<Change[]> {
  const { action, domains } = selection
  const has = (part: SetupSelection['parts'][number]) => selection.parts.includes(part)
  const trust = has('trust') ? await trustChanges(parts, { action }) : []
  const names = has('names') ? await namesChanges(parts, { action, domains }) : []
  return [...trust, ...names]
}
