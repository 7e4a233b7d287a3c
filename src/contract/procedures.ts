import { acmeServerContract } from './acme/acme-server.ts'
import { acmeContract } from './acme/acme.ts'
import { httpsContract } from './certificates/https.ts'
import { auditContract } from './audit/audit.ts'
import { certificatesContract } from './certificates/procedures.ts'
import { renewalContract } from './certificates/renewal-procedures.ts'
import { stagingContract } from './certificates/staging.ts'
import { containersContract } from './containers/containers.ts'
import { vaultContract } from './custody/procedures.ts'
import { projectsContract } from './develop/projects.ts'
import { runsContract } from './develop/runs.ts'
import { domainsContract, configurationContract } from './domains/procedures.ts'
import { portsContract } from './engine/ports.ts'
import { agentsContract, engineContract, desktopContract } from './engine/procedures.ts'
import { findingsContract } from './findings/procedures.ts'
import { importsContract } from './imports/imports.ts'
import { inspectContract } from './inspect/procedures.ts'
import { authorityContract } from './local-authority/authority.ts'
import { localCertificatesContract } from './local-authority/local-certificates.ts'
import { lanContract } from './lan/lan.ts'
import { namesContract } from './names/names.ts'
import { noticesContract } from './notices/notices.ts'
import { trafficContract } from './traffic/procedures.ts'
import { targetsContract } from './targets/targets.ts'
import { setupContract } from './trust/setup.ts'
import { trustContract } from './trust/trust.ts'
import { watchContract } from './watch/watch.ts'
import { usageContract } from './usage/usage.ts'

export const contract = {
  engine: engineContract,
  domains: domainsContract,
  runs: runsContract,
  projects: projectsContract,
  containers: containersContract,
  https: httpsContract,
  staging: stagingContract,
  certificates: certificatesContract,
  acme: acmeContract,
  renewal: renewalContract,
  authority: authorityContract,
  localCertificates: localCertificatesContract,
  acmeServer: acmeServerContract,
  trust: trustContract,
  lan: lanContract,
  names: namesContract,
  ports: portsContract,
  setup: setupContract,
  traffic: trafficContract,
  audit: auditContract,
  configuration: configurationContract,
  imports: importsContract,
  desktop: desktopContract,
  agents: agentsContract,
  vault: vaultContract,
  findings: findingsContract,
  notices: noticesContract,
  usage: usageContract,
  watch: watchContract,
  targets: targetsContract,
  inspect: inspectContract,
}
export type Contract = typeof contract
