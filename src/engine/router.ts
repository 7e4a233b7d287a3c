import { acmeHandlers } from './acme/client/handlers.ts'
import { acmeServerHandlers } from './acme/server/handlers.ts'
import { auditHandlers } from './audit/handlers.ts'
import { backupHandlers } from './backup/handlers.ts'
import { certificateHandlers } from './certificates/handlers.ts'
import { configurationHandlers } from './configuration/handlers.ts'
import { containersHandlers } from './containers/handlers.ts'
import { admitAgentCall } from './core/agent-calls.ts'
import { proceduresFor } from './core/procedures.ts'
import { custodyHandlers } from './custody/handlers.ts'
import { projectsHandlers, runsHandlers } from './develop/handlers.ts'
import { domainHandlers } from './domains/handlers.ts'
import type { EngineParts } from './engine-parts.ts'
import { findingsHandlers } from './findings/handlers.ts'
import { httpsHandlers, obtainHandler, reissueHandler, replaceHandler } from './https/handlers.ts'
import { importHandlers } from './import/handlers.ts'
import { inspectHandlers, type InspectContext, stagingHandlers } from './inspect/handlers.ts'
import type { FileSessions } from './inspect/file-sessions.ts'
import { authorityHandlers, localCertificateHandlers } from './local-authority/handlers.ts'
import { targetHandlers } from './publish/handlers.ts'
import { lanHandlers } from './lan/handlers.ts'
import { namesHandlers, portsHandlers } from './names/handlers.ts'
import { noticesHandlers } from './notices/handlers.ts'
import { renewalHandlers } from './renewal/handlers.ts'
import { agentsHandlers, desktopHandlers, engineHandlers } from './settings/handlers.ts'
import { setupHandlers } from './setup/handlers.ts'
import { trafficHandlers } from './traffic/handlers.ts'
import { trustHandlers } from './trust/handlers.ts'
import { watchHandlers } from './watch/handlers.ts'
import { usageHandlers } from './usage/handlers.ts'

export interface RouterContext extends InspectContext {
  parts: EngineParts
  sessions: FileSessions
}

/** Judges a call before the handlers of its feature do: once, whatever these are made of. */
const procedures = proceduresFor<RouterContext>().use(({ next, context: { parts }, path }, input) => {
  if (parts.actor === 'agent') admitAgentCall(parts, path, input)
  return next()
})

/** Implementation of the contract; each feature has its handlers beside its services. */
export const router = procedures.router({
  engine: engineHandlers,
  domains: domainHandlers,
  runs: runsHandlers,
  projects: projectsHandlers,
  containers: containersHandlers,
  https: httpsHandlers,
  findings: findingsHandlers,
  staging: stagingHandlers,
  acme: { ...acmeHandlers, obtain: obtainHandler },
  renewal: renewalHandlers,
  authority: authorityHandlers,
  localCertificates: { ...localCertificateHandlers, reissue: reissueHandler },
  acmeServer: acmeServerHandlers,
  trust: trustHandlers,
  lan: lanHandlers,
  names: namesHandlers,
  ports: portsHandlers,
  setup: setupHandlers,
  certificates: { ...certificateHandlers, replace: replaceHandler },
  traffic: trafficHandlers,
  audit: auditHandlers,
  configuration: configurationHandlers,
  imports: importHandlers,
  vault: { ...custodyHandlers, ...backupHandlers },
  notices: noticesHandlers,
  usage: usageHandlers,
  watch: watchHandlers,
  targets: targetHandlers,
  desktop: desktopHandlers,
  agents: agentsHandlers,
  inspect: inspectHandlers,
})
