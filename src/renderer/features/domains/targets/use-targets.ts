import { useCallback, useEffect, useState } from 'react'
import { create } from 'zustand'
import type { Client } from '../../../../client/client.ts'
import { followPublication, type PublishProgress } from '../../../../client/follow-publication.ts'
import type { ServerDrift, ServerReport, Target } from '../../../../contract/targets/targets.ts'
import type { Staged } from '../../../../contract/certificates/staging.ts'
import { coveringName, type HostNames } from '../../../../domain/covered-names.ts'
import { useConnection, useEngineStatus } from '../../../connection/engine-context.tsx'
import { type Call, useCall } from '../../../ui/feedback/feedback.tsx'

/** Servers that domains are published to; null until known. */
export function useTargets(): { targets: Target[] | null; call: Call; read: () => Promise<void> } {
  const connected = useConnection() === 'connected'
  // Every change produces a new status object; its fields do not matter.
  const status = useEngineStatus((state) => state.value)
  const call = useCall()
  const { run } = call
  const [targets, setTargets] = useState<Target[] | null>(null)
  const read = useCallback(async () => {
    const listed = await run((client) => client.targets.list())
    if (listed) setTargets(listed)
  }, [run])
  useEffect(() => {
    if (connected) void read()
  }, [connected, read, status])
  return { targets, call, read }
}

/** Differences of a target's servers from what was published, as of `at`. */
export interface Check {
  at: string
  drifts: ServerDrift[]
}

/** Last check of each target, by its name, while the window is open. */
const useChecks = create<ReadonlyMap<string, Check>>(() => new Map())

/** Compares each server with what was published; nothing is changed. The result is as old as its first answer. */
export async function checkTarget({ targets }: Client, { name }: Target): Promise<void> {
  const at = new Date().toISOString()
  const drifts = await targets.check({ target: name })
  useChecks.setState((checks) => new Map([...checks, [name, { at, drifts }]]), true)
}

/** Last check of a target; none that is older than its last publication. */
export function useCheck({ name, addedAt, history }: Target): Check | undefined {
  const check = useChecks((checks) => checks.get(name))
  return check && check.at > (history[0]?.at ?? addedAt) ? check : undefined
}

/** Lets a target be renewed by itself, or ends that. */
export function setRenewal({ targets }: Client, { name }: Target, on: boolean): Promise<Target> {
  return targets.setRenewal({ target: name, on })
}

/** Publishes `chosen` and withdraws the other domains of the target; a plan changes nothing. */
export async function publish(
  { targets }: Client,
  target: Target,
  { chosen, staged, dryRun }: { chosen: readonly string[]; staged: Staged | null; dryRun: boolean },
  report: (event: PublishProgress) => void,
): Promise<ServerReport[]> {
  const names = uploadedNames(staged)
  const isUploaded = (domain: string) => names !== undefined && coveringName(names, domain) !== undefined
  const domains = chosen.filter((domain) => !target.domains.includes(domain) || isUploaded(domain))
  const withdraw = target.domains.filter((domain) => !chosen.includes(domain))
  const upload = staged ? { stagingId: staged.stagingId } : undefined
  const input = { target: target.name, domains, withdraw, upload, dryRun }
  return await followPublication(await targets.publish(input), report)
}

/** Names of the certificate that an upload serves. */
function uploadedNames(staged: Staged | null): HostNames | undefined {
  const { servable, pieces = [] } = staged?.report ?? {}
  return pieces.find(({ id }) => id === servable?.leaf)?.certificate?.names
}
