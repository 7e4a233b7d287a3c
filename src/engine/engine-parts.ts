import type { EngineOptions } from './engine-options.ts'
import { allowances } from './network-guard/guard.ts'
import { systemCaaLookup } from './acme/client/caa.ts'
import { servedNamesOf } from './acme/server/served-names.ts'
import { ChallengeBoard } from './acme/client/challenge-board.ts'
import { nameServersBy } from './acme/client/name-servers.ts'
import { txtLookup } from './acme/client/txt-lookup.ts'
import { createTopic } from './core/live.ts'
import type { EngineParts } from './parts.ts'
import { startedWith } from './settings/edge-start.ts'
import { createFindings } from './findings/findings.ts'
import { fileEvidence } from './local-authority/clock-evidence.ts'
import { createLocalServices } from './acme/server/local-services.ts'
import { createDnsKeeper } from './names/dns-keeper.ts'
import { createProxyKeeper } from './names/proxy-keeper.ts'
import { createSiteBrowsers } from './names/site-browsers.ts'
import { createPlans } from './changes/plans.ts'
import { AccessLog, accessLogFile } from './traffic/access-log.ts'
import { Traffic } from './traffic/traffic.ts'
import { createTemporaryNames } from './trust/temporary-names.ts'
import { createMetering, type Metering } from './usage/metering.ts'
import { createAttempts, wrongSecretsIn } from './custody/attempts.ts'
import { createAutoLock } from './custody/auto-lock.ts'
import { createConfirmationCodes } from './custody/confirmation-codes.ts'
import { autoLockMinutes } from './custody/locking.ts'
import type { Vault } from './vault/vault.ts'

type Options = EngineOptions & {
  clock: () => Date
  /** Locks a vault after that time without use. */
  lockUnused: (minutes: number) => void
}

/** Parts of an engine that does not serve yet. */
export function assembleParts(vault: Vault, options: Options): EngineParts {
  const { folder, edge, log, clock, uptime } = options
  const topics = newTopics()
  const changed = () => topics.issuing.publish({})
  const evidence = options.fileEvidence ?? (() => fileEvidence(folder))
  const parts: EngineParts = {
    vault,
    folder,
    protectors: options.protectors,
    autoLock: createAutoLock({
      minutes: () => autoLockMinutes(parts),
      lock: options.lockUnused,
      now: uptime,
    }),
    attempts: createAttempts(wrongSecretsIn(vault), uptime),
    codes: createConfirmationCodes({ folder, clock, now: uptime }),
    outages: new Map(),
    ended: options.ended ?? (() => undefined),
    actor: 'engine',
    supervisor: null,
    edgeStart: edge && startedWith(vault, edge),
    stapling: null,
    renewal: null,
    portWatch: null,
    pacFile: null,
    responderAllowance: options.responderAllowance ?? allowances.ocspResponder,
    ...acmeParts(options),
    originStates: new Map(),
    traffic: new Traffic({
      observe: async (wanted) => parts.supervisor?.observe(wanted),
      accessLog: new AccessLog({ vault, file: accessLogFile(folder), log }),
    }),
    clock,
    log,
    fileEvidence: evidence,
    ...createLocalServices({
      vault,
      clock,
      log,
      runs: edge !== null,
      fileEvidence: evidence,
      changed,
      served: servedNamesOf(() => parts),
    }),
    startedAt: clock(),
    findings: createFindings(clock),
    temporaryNames: createTemporaryNames(),
    plans: createPlans(),
    siteBrowsers: createSiteBrowsers(),
    proxy: createProxyKeeper(log),
    dns: createDnsKeeper(log),
    metering: meteringOf(vault, { folder, clock, log, topic: topics.usage, readOnly: options.readOnly }),
    unpublished: vault.touched.reader(),
    topics,
  }
  return parts
}

function acmeParts(options: EngineOptions) {
  return {
    challenges: new ChallengeBoard(),
    orderedNames: new Set<string>(),
    ariAskedAt: new Map(),
    lookupCaa: options.lookupCaa ?? systemCaaLookup(),
    lookupTxt: options.lookupTxt ?? txtLookup(),
    nameServers: options.nameServers ?? nameServersBy(),
  } satisfies Partial<EngineParts>
}

function newTopics(): EngineParts['topics'] {
  return {
    domains: createTopic(),
    certificates: createTopic(),
    status: createTopic(),
    usage: createTopic(),
    notices: createTopic(),
    openings: createTopic(),
    issuing: createTopic(),
  }
}

function meteringOf(vault: Vault, options: Parameters<typeof createMetering>[0]): Metering {
  try {
    return createMetering(options)
  } catch (error) {
    vault.close()
    throw error
  }
}
