import { acmeHandlers } from './acme/client/handlers.ts'
import { acmeServerHandlers } from './acme/server/handlers.ts'
import { auditHandlers } from './audit/handlers.ts'
import { backupHandlers } from './backup/handlers.ts'
import { certificateHandlers } from './certificates/handlers.ts'
import { configurationHandlers } from './configuration/handlers.ts'
import { procedures } from './core/procedures.ts'
import { custodyHandlers } from './custody/handlers.ts'
import { domainHandlers } from './domains/handlers.ts'
import { findingsHandlers } from './findings/handlers.ts'
import { httpsHandlers, obtainHandler, reissueHandler, replaceHandler } from './https/handlers.ts'
import { inspectHandlers } from './inspect/handlers.ts'
import { stagingHandlers } from './inspect/staging-handlers.ts'
import { authorityHandlers, localCertificateHandlers } from './local-authority/handlers.ts'
import { namesHandlers, portsHandlers } from './names/handlers.ts'
import { renewalHandlers } from './renewal/handlers.ts'
import { desktopHandlers, engineHandlers } from './settings/handlers.ts'
import { setupHandlers } from './setup/handlers.ts'
import { trafficHandlers } from './traffic/handlers.ts'
import { trustHandlers } from './trust/handlers.ts'
import { usageHandlers } from './usage/handlers.ts'

/** Implementation of the contract; each feature has its handlers beside its services. */
export const router = procedures.router({
  engine: engineHandlers(procedures.engine),
  domains: domainHandlers(procedures.domains),
  https: httpsHandlers(procedures.https),
  findings: findingsHandlers(procedures.findings),
  staging: stagingHandlers(procedures.staging),
  acme: { ...acmeHandlers(procedures.acme), obtain: obtainHandler(procedures.acme.obtain) },
  renewal: renewalHandlers(procedures.renewal),
  authority: authorityHandlers(procedures.authority),
  localCertificates: {
    ...localCertificateHandlers(procedures.localCertificates),
    reissue: reissueHandler(procedures.localCertificates.reissue),
  },
  acmeServer: acmeServerHandlers(procedures.acmeServer),
  trust: trustHandlers(procedures.trust),
  names: namesHandlers(procedures.names),
  ports: portsHandlers(procedures.ports),
  setup: setupHandlers(procedures.setup),
  certificates: {
    ...certificateHandlers(procedures.certificates),
    replace: replaceHandler(procedures.certificates.replace),
  },
  traffic: trafficHandlers(procedures.traffic),
  audit: auditHandlers(procedures.audit),
  configuration: configurationHandlers(procedures.configuration),
  vault: { ...custodyHandlers(procedures.vault), ...backupHandlers(procedures.vault) },
  usage: usageHandlers(procedures.usage),
  desktop: desktopHandlers(procedures.desktop),
  inspect: inspectHandlers(procedures.inspect),
})
