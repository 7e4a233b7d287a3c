import { acmeServerHandlers } from './acme-server.ts'
import { acmeHandlers } from './acme.ts'
import { auditHandlers } from './audit.ts'
import { authorityHandlers } from './authority.ts'
import { certificateHandlers } from './certificates.ts'
import { configurationHandlers } from './configuration.ts'
import { desktopHandlers } from './desktop.ts'
import { domainHandlers } from './domains.ts'
import { engineHandlers } from './engine.ts'
import { findingsHandlers } from './findings.ts'
import { httpsHandlers } from './https.ts'
import { inspectHandlers } from './inspect.ts'
import { renewalHandlers } from './renewal.ts'
import { localCertificateHandlers } from './local-certificates.ts'
import { namesHandlers } from './names.ts'
import { portsHandlers } from './ports.ts'
import { setupHandlers } from './setup.ts'
import { stagingHandlers } from './staging.ts'
import { trafficHandlers } from './traffic.ts'
import { trustHandlers } from './trust.ts'
import { usageHandlers } from './usage.ts'
import { vaultHandlers } from './vault.ts'
import { procedures } from './procedures.ts'

export const router = procedures.router({
  engine: engineHandlers(procedures.engine),
  domains: domainHandlers(procedures.domains),
  https: httpsHandlers(procedures.https),
  findings: findingsHandlers(procedures.findings),
  staging: stagingHandlers(procedures.staging),
  acme: acmeHandlers(procedures.acme),
  renewal: renewalHandlers(procedures.renewal),
  authority: authorityHandlers(procedures.authority),
  localCertificates: localCertificateHandlers(procedures.localCertificates),
  acmeServer: acmeServerHandlers(procedures.acmeServer),
  trust: trustHandlers(procedures.trust),
  names: namesHandlers(procedures.names),
  ports: portsHandlers(procedures.ports),
  setup: setupHandlers(procedures.setup),
  certificates: certificateHandlers(procedures.certificates),
  traffic: trafficHandlers(procedures.traffic),
  audit: auditHandlers(procedures.audit),
  configuration: configurationHandlers(procedures.configuration),
  vault: vaultHandlers(procedures.vault),
  usage: usageHandlers(procedures.usage),
  desktop: desktopHandlers(procedures.desktop),
  inspect: inspectHandlers(procedures.inspect),
})
