import { acmeServerHandlers } from './acme-server.ts'
import { acmeHandlers } from './acme.ts'
import { auditHandlers, vaultHandlers } from './vault.ts'
import { authorityHandlers, localCertificateHandlers } from './local-certificates.ts'
import { certificateHandlers, renewalHandlers } from './certificates.ts'
import { configurationHandlers, engineHandlers, desktopHandlers } from './engine.ts'
import { domainHandlers, httpsHandlers } from './domains.ts'
import { findingsHandlers, trafficHandlers, usageHandlers } from './observed.ts'
import { inspectHandlers } from './inspect.ts'
import { namesHandlers, trustHandlers, portsHandlers, setupHandlers } from './this-computer.ts'
import { stagingHandlers } from './staging.ts'
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
