/** File that makes a call; null if only the other side makes it, and `why` has the reason. */
export interface WhereUsed {
  /** In src/renderer. */
  window: string | null
  /** In src/cli. */
  command: string | null
  why?: string
}

const live = 'The window follows the live list; a command asks once.'
const once = 'A command asks once; the window follows the live list, which says the same.'
const issuing = 'features/issuing/use-issuing.ts'
const staging = 'ui/staging/staging-session.ts'
const inspector = 'features/inspector/inspector.ts'
const inspection = 'features/inspector/inspection-session.ts'
const allFilesAtOnce =
  'A command is given all its files at once; in the window they come one after the other.'
const movingIn =
  'A command reads the files as who it is run by; the window gives the files that were chosen, or has the usual place read.'
const readsItself = 'A command reads the files itself.'
const moveInPage = 'features/domains/move-in/use-move-in.ts'
const publishing =
  'A target names files and programs of a server, which a compromised window must not choose.'
const setup = 'The list has all but the line to add and the commands, which the command prints.'
const targetsPage = 'features/domains/targets/use-targets.ts'
const watchPage = 'features/certificates/watch/use-watches.ts'
const upkeep =
  'Upkeep that is done once in years, by whoever set the account up; the guide gives the command.'

/** Every call of the contract, and where a person reaches it on either side. */
export const whereUsed: Record<string, WhereUsed> = {
  'engine.status': { window: null, command: 'commands/engine/status.ts', why: once },
  'engine.watch': { window: 'connection/engine-link.ts', command: null, why: live },
  'engine.end': {
    window: null,
    command: 'commands/engine/stop.ts',
    why: 'Closing the window or quitting the app ends the engine that it started.',
  },
  'engine.setEdge': { window: 'features/settings/edge-section.tsx', command: 'commands/engine/settings.ts' },

  'runs.serve': {
    window: null,
    command: 'commands/develop/serve-run.ts',
    why: 'The call lasts as long as the development server, which a terminal starts.',
  },
  'runs.point': {
    window: null,
    command: 'commands/develop/serve-run.ts',
    why: 'It follows the sockets of the development server, which the terminal that started it sees.',
  },
  'runs.list': {
    window: null,
    command: 'commands/develop/serve-run.ts',
    why: 'Servers are started, listed and ended in the terminal of their project; the window lists them by project.',
  },
  'engine.setAgents': {
    window: 'features/settings/agents-section.tsx',
    command: 'commands/engine/settings.ts',
  },
  'imports.plan': { window: null, command: 'commands/import/import.ts', why: movingIn },
  'imports.apply': { window: null, command: 'commands/import/import.ts', why: movingIn },
  'imports.undo': { window: moveInPage, command: 'commands/import/import.ts' },
  'imports.found': { window: moveInPage, command: null, why: readsItself },
  'imports.planProgram': { window: moveInPage, command: null, why: readsItself },
  'imports.applyProgram': { window: moveInPage, command: null, why: readsItself },
  'imports.last': {
    window: moveInPage,
    command: null,
    why: 'The command that undoes names what it removed.',
  },

  'projects.list': {
    window: 'features/domains/projects/projects-page.tsx',
    command: 'commands/develop/project.ts',
  },
  'containers.list': {
    window: 'features/domains/projects/containers-section.tsx',
    command: null,
    why: 'A command serves containers by their labels for as long as it runs; "docker ps" and "podman ps" list them.',
  },
  'containers.serve': {
    window: 'features/domains/projects/containers-section.tsx',
    command: null,
    why: 'A command serves containers by their labels for as long as it runs.',
  },
  'projects.forget': {
    window: 'features/domains/projects/project-section.tsx',
    command: 'commands/develop/project.ts',
  },
  'projects.plan': {
    window: null,
    command: 'commands/engine/serve-project.ts',
    why: 'A project file is served from its folder, where a terminal is.',
  },
  'projects.apply': {
    window: null,
    command: 'commands/engine/serve-project.ts',
    why: 'A project file is served from its folder, where a terminal is.',
  },
  'projects.services': {
    window: null,
    command: 'commands/develop/project-services.ts',
    why: 'Services are started in the folder of their project, where a terminal is.',
  },
  'projects.trustServices': {
    window: null,
    command: 'commands/develop/project-services.ts',
    why: 'The terminal that is about to run the commands shows them and asks.',
  },
  'watch.list': { window: watchPage, command: 'commands/watch/watch.ts' },
  'watch.add': { window: watchPage, command: 'commands/watch/watch.ts' },
  'watch.remove': { window: watchPage, command: 'commands/watch/watch.ts' },
  'watch.check': { window: watchPage, command: 'commands/watch/watch.ts' },

  'targets.list': { window: targetsPage, command: 'commands/publish/target.ts' },
  'targets.show': { window: null, command: 'commands/publish/target.ts', why: setup },
  'targets.add': { window: null, command: 'commands/publish/target.ts', why: publishing },
  'targets.remove': { window: null, command: 'commands/publish/target.ts', why: publishing },
  'targets.setRenewal': { window: targetsPage, command: 'commands/publish/publish.ts' },
  'targets.check': { window: targetsPage, command: 'commands/publish/target.ts' },
  'targets.publish': { window: targetsPage, command: 'commands/publish/publish.ts' },
  'targets.cancel': {
    window: 'features/domains/targets/server-progress.tsx',
    command: 'commands/publish/publish.ts',
  },

  'domains.list': { window: null, command: 'commands/engine/status.ts', why: once },
  'domains.get': { window: null, command: 'commands/domain/domain.ts', why: once },
  'domains.watch': { window: 'connection/engine-link.ts', command: null, why: live },
  'domains.add': {
    window: 'features/domains/list/add-domain-dialog.tsx',
    command: 'commands/domain/domain.ts',
  },
  'domains.setOrigin': {
    window: 'features/domains/origins/origin-section.tsx',
    command: 'commands/domain/domain.ts',
  },
  'domains.setRedirect': {
    window: 'features/domains/redirects/redirect-section.tsx',
    command: 'commands/domain/redirect.ts',
  },
  'domains.setPolicies': {
    window: 'features/domains/drafts/use-policy.ts',
    command: 'commands/domain/change-policies.ts',
  },
  'domains.changeTls': {
    window: null,
    command: 'commands/domain/tls.ts',
    why: 'A command names single settings of many domains; the window shows all of one domain and saves them whole.',
  },
  'domains.copyPolicies': {
    window: 'features/domains/list/copy-policies-dialog.tsx',
    command: 'commands/domain/policy.ts',
  },
  'domains.tag': { window: 'ui/bulk/domain-rows.ts', command: 'commands/domain/tag.ts' },
  'domains.remove': {
    window: 'features/domains/https/danger-section.tsx',
    command: 'commands/domain/domain.ts',
  },
  'domains.testOrigin': {
    window: 'features/domains/origins/origin-test.tsx',
    command: 'commands/domain/origin.ts',
  },
  'domains.check': {
    window: 'features/domains/verification/check-store.ts',
    command: 'commands/domain/check.ts',
  },
  'domains.history': {
    window: 'features/domains/domain-page.tsx',
    command: 'commands/cert/records.ts',
  },

  'https.enable': {
    window: 'features/domains/https/settings/use-save.ts',
    command: 'commands/domain/https.ts',
  },
  'https.preview': { window: 'ui/certificate/swap-problems.ts', command: 'commands/domain/https.ts' },
  'https.pause': {
    window: 'features/domains/https/danger-section.tsx',
    command: 'commands/domain/https.ts',
  },
  'https.disable': {
    window: 'features/domains/https/settings/use-save.ts',
    command: 'commands/domain/https.ts',
  },

  'staging.open': { window: staging, command: 'input/staging.ts' },
  'staging.add': { window: staging, command: null, why: allFilesAtOnce },
  'staging.remove': { window: staging, command: null, why: allFilesAtOnce },
  'staging.unlock': { window: staging, command: 'input/staging.ts' },
  'staging.discard': { window: staging, command: 'commands/domain/https.ts' },

  'certificates.list': { window: null, command: 'commands/cert/cert.ts', why: once },
  'certificates.watch': { window: 'connection/engine-link.ts', command: null, why: live },
  'certificates.get': {
    window: 'features/certificates/certificate-drawer.tsx',
    command: 'commands/cert/cert.ts',
  },
  'certificates.find': {
    window: null,
    command: 'commands/cert/cert.ts',
    why: 'On the command line a certificate is named by hand; in the window it is selected.',
  },
  'certificates.import': {
    window: 'features/certificates/import-dialog.tsx',
    command: 'commands/cert/cert.ts',
  },
  'certificates.rename': {
    window: 'features/certificates/detail-title.tsx',
    command: 'commands/cert/records.ts',
  },
  'certificates.annotate': {
    window: 'features/certificates/notes.tsx',
    command: 'commands/cert/records.ts',
  },
  'certificates.tag': {
    window: 'features/certificates/bulk/certificate-rows.ts',
    command: 'commands/cert/records.ts',
  },
  'certificates.history': {
    window: 'features/certificates/certificate-detail.tsx',
    command: 'commands/cert/records.ts',
  },
  'certificates.replace': {
    window: 'features/certificates/replace/use-replace.ts',
    command: 'commands/cert/replace.ts',
  },
  'certificates.importMany': {
    window: 'features/certificates/import-many/import-run.ts',
    command: 'commands/cert/import-all.ts',
  },
  'certificates.setKept': {
    window: 'features/certificates/certificate-detail.tsx',
    command: 'commands/cert/records.ts',
  },
  'certificates.remove': {
    window: 'features/certificates/detail-footer.tsx',
    command: 'commands/cert/cert.ts',
  },
  'certificates.export': {
    window: 'features/certificates/detail-footer.tsx',
    command: 'commands/cert/cert.ts',
  },

  'acme.directory': {
    window: 'features/domains/https/settings/authority-choice.tsx',
    command: 'commands/acme/account.ts',
  },
  'acme.accounts': {
    window: 'features/domains/https/settings/authority-choice.tsx',
    command: 'commands/acme/account.ts',
  },
  'acme.addAccount': {
    window: 'features/domains/https/settings/authority-choice.tsx',
    command: 'commands/acme/account.ts',
  },
  'acme.rolloverAccount': { window: null, command: 'commands/acme/account.ts', why: upkeep },
  'acme.endAccount': { window: null, command: 'commands/acme/account.ts', why: upkeep },
  'acme.dnsMethods': {
    window: 'features/domains/https/settings/authority-choice.tsx',
    command: 'commands/acme/dns.ts',
  },
  'acme.addDnsMethod': {
    window: 'features/issuing/dns-dialog.tsx',
    command: 'commands/acme/dns.ts',
  },
  'acme.setDnsWait': {
    window: 'features/issuing/dns-dialog.tsx',
    command: 'commands/acme/dns.ts',
  },
  'acme.removeDnsMethod': {
    window: 'features/issuing/dns-section.tsx',
    command: 'commands/acme/dns.ts',
  },
  'acme.persistentRecords': {
    window: 'ui/certificate/persistent-records.tsx',
    command: 'commands/acme/dns.ts',
  },
  'acme.obtain': {
    window: 'features/domains/https/settings/use-save.ts',
    command: 'commands/domain/https.ts',
  },
  'acme.revoke': {
    window: 'features/certificates/revoke-dialog.tsx',
    command: 'commands/acme/acme.ts',
  },

  'renewal.calendar': {
    window: 'features/certificates/calendar/page.tsx',
    command: 'commands/files/renewal-calendar.ts',
  },
  'renewal.renew': {
    window: 'features/domains/https/certificate-card.tsx',
    command: 'commands/renewal/renew.ts',
  },
  'renewal.set': {
    window: 'features/certificates/renewal-form.tsx',
    command: 'commands/renewal/set-renewal.ts',
  },

  'authority.get': { window: 'features/trust/use-trust.ts', command: 'commands/trust/authority.ts' },
  'authority.rotate': {
    window: 'features/trust/authority-section.tsx',
    command: 'commands/trust/authority.ts',
  },

  'localCertificates.issue': {
    window: 'features/issuing/issue-dialog.tsx',
    command: 'commands/cert/issue.ts',
  },
  'localCertificates.issueForDevice': {
    window: 'features/issuing/issue-dialog.tsx',
    command: 'commands/cert/issue.ts',
  },
  'localCertificates.readRequest': {
    window: 'features/issuing/sign-dialog.tsx',
    command: 'commands/cert/requests.ts',
  },
  'localCertificates.sign': {
    window: 'features/issuing/sign-dialog.tsx',
    command: 'commands/cert/requests.ts',
  },
  'localCertificates.request': {
    window: 'features/issuing/request-list.tsx',
    command: 'commands/cert/requests.ts',
  },
  'localCertificates.watch': { window: issuing, command: null, why: live },
  'localCertificates.requests': { window: issuing, command: 'commands/cert/requests.ts' },
  'localCertificates.issued': { window: issuing, command: 'commands/cert/revocation.ts' },
  'localCertificates.revoke': {
    window: 'features/issuing/issued-list.tsx',
    command: 'commands/cert/revocation.ts',
  },
  'localCertificates.reissue': {
    window: 'features/issuing/issued-list.tsx',
    command: 'commands/cert/revocation.ts',
  },
  'localCertificates.revocationService': { window: issuing, command: 'commands/trust/authority.ts' },
  'localCertificates.setRevocationService': {
    window: 'features/issuing/issued-list.tsx',
    command: 'commands/trust/authority.ts',
  },
  'localCertificates.forgetRequest': {
    window: 'features/issuing/request-list.tsx',
    command: 'commands/cert/requests.ts',
  },

  'acmeServer.state': {
    window: issuing,
    command: null,
    why: '"acme serve" changes nothing without options, and says the state that "set" answers with.',
  },
  'acmeServer.set': { window: 'features/issuing/acme-section.tsx', command: 'commands/acme/serve.ts' },
  'acmeServer.accounts': { window: issuing, command: 'commands/acme/accounts.ts' },
  'acmeServer.endAccount': {
    window: 'features/issuing/acme-account-list.tsx',
    command: 'commands/acme/accounts.ts',
  },
  'acmeServer.removeAccount': {
    window: 'features/issuing/acme-account-list.tsx',
    command: 'commands/acme/accounts.ts',
  },
  'acmeServer.bindings': {
    window: 'features/issuing/use-issuing.ts',
    command: 'commands/acme/serve.ts',
  },
  'acmeServer.addBinding': {
    window: 'features/issuing/acme-bindings.tsx',
    command: 'commands/acme/serve.ts',
  },
  'acmeServer.removeBinding': {
    window: 'features/issuing/acme-bindings.tsx',
    command: 'commands/acme/serve.ts',
  },
  'acmeServer.rehearse': {
    window: 'features/issuing/rehearsal-dialog.tsx',
    command: 'commands/acme/rehearse.ts',
  },
  'acmeServer.rehearsal': { window: null, command: 'commands/acme/rehearse.ts', why: once },
  'acmeServer.watchRehearsal': {
    window: 'features/issuing/rehearsal-section.tsx',
    command: 'commands/acme/rehearse.ts',
  },
  'acmeServer.stopRehearsal': {
    window: 'features/issuing/rehearsal-section.tsx',
    command: 'commands/acme/rehearse.ts',
  },

  'trust.status': { window: 'features/trust/use-trust.ts', command: 'commands/trust/trust.ts' },
  'trust.plan': { window: 'features/trust/plan-dialog.tsx', command: 'changes/carry-out.ts' },
  'trust.apply': { window: 'features/trust/plan-dialog.tsx', command: 'changes/carry-out.ts' },
  'trust.prove': { window: 'features/trust/use-trust.ts', command: 'commands/trust/trust.ts' },
  'trust.provePage': {
    window: 'features/trust/page-dialog.tsx',
    command: 'commands/trust/trust.ts',
  },
  'trust.env': {
    window: null,
    command: 'commands/trust/trust.ts',
    why: 'Its answer is for the shell that evaluates it.',
  },

  'lan.on': { window: 'features/trust/devices-section.tsx', command: 'commands/lan/lan.ts' },
  'lan.off': { window: 'features/trust/devices-section.tsx', command: 'commands/lan/lan.ts' },
  'lan.servePage': {
    window: 'features/trust/device-dialog.tsx',
    command: null,
    why: '"trust device" serves the page in its own process, which this call starts.',
  },

  'names.status': { window: 'features/domains/setup/use-setup.ts', command: 'commands/setup/names.ts' },
  'names.site': {
    window: null,
    command: 'commands/engine/open-site.ts',
    why: 'A command starts the browser in the session of whoever runs it; for the window the engine does (names.openSite).',
  },
  'names.openSite': {
    window: 'features/domains/open-in-browser.tsx',
    command: null,
    why: 'A command starts the browser itself, from what names.site says.',
  },
  'names.proxy': {
    window: null,
    command: 'commands/setup/names.ts',
    why: 'For computers and browsers where names cannot be set; there is no form for it in the window yet.',
  },
  'names.setProxy': {
    window: null,
    command: 'commands/setup/names.ts',
    why: 'For computers and browsers where names cannot be set; there is no form for it in the window yet.',
  },
  'ports.status': {
    window: null,
    command: 'commands/setup/ports.ts',
    why: 'The window shows the ports in the plan of setup, which sets them.',
  },
  'ports.retry': { window: 'app/banners.tsx', command: 'commands/setup/ports.ts' },
  'setup.prove': {
    window: 'features/domains/setup/use-setup.ts',
    command: 'commands/setup/prove-setup.ts',
  },
  'setup.tested': {
    window: 'features/domains/verification/tested-store.ts',
    command: 'commands/domain/domain.ts',
  },
  'setup.plan': { window: 'features/domains/setup/use-setup.ts', command: 'changes/carry-out.ts' },
  'setup.apply': { window: 'features/domains/setup/use-setup.ts', command: 'changes/carry-out.ts' },

  'traffic.watch': { window: 'features/traffic/traffic.ts', command: 'commands/engine/logs.ts' },
  'traffic.get': {
    window: 'features/traffic/detail-pane.tsx',
    command: null,
    why: '"traffic har" writes all that is known of each exchange.',
  },
  'traffic.clear': { window: 'features/traffic/page-actions.tsx', command: 'commands/engine/traffic.ts' },
  'traffic.har': { window: 'features/traffic/page-actions.tsx', command: 'commands/engine/traffic.ts' },
  'traffic.replay': {
    window: 'features/traffic/exchange-detail.tsx',
    command: 'commands/engine/traffic.ts',
  },
  'traffic.accessLog': {
    window: 'features/settings/access-log-section.tsx',
    command: 'commands/engine/logs.ts',
  },
  'traffic.setAccessLog': {
    window: 'features/settings/access-log-section.tsx',
    command: 'commands/engine/logs.ts',
  },

  'audit.list': { window: 'features/activity/trail.ts', command: 'commands/vault/audit.ts' },
  'audit.verify': { window: 'features/activity/trail.ts', command: 'commands/vault/audit.ts' },

  'configuration.export': {
    window: 'features/settings/configuration-section.tsx',
    command: 'commands/vault/config.ts',
  },
  'configuration.plan': {
    window: 'features/settings/configuration-section.tsx',
    command: 'commands/vault/config.ts',
  },
  'configuration.apply': {
    window: 'features/settings/configuration-section.tsx',
    command: 'commands/vault/config.ts',
  },

  'desktop.setPreferences': {
    window: 'features/settings/desktop-section.tsx',
    command: 'commands/engine/settings.ts',
  },

  'vault.rotate': { window: 'features/settings/protector-dialog.tsx', command: 'commands/vault/vault.ts' },
  'vault.protectors': {
    window: 'features/settings/protector-dialog.tsx',
    command: 'commands/vault/vault.ts',
  },
  'vault.protect': { window: 'features/settings/protector-dialog.tsx', command: 'commands/vault/vault.ts' },
  'vault.lock': { window: 'ui/feedback/vault-lock.tsx', command: 'commands/vault/locking.ts' },
  'vault.unlock': { window: 'app/banners.tsx', command: 'commands/vault/locking.ts' },
  'vault.stayOpen': {
    window: 'app/host-events.ts',
    command: null,
    why: 'It says that somebody looks at the window; a command that changes something puts off auto-lock by that.',
  },
  'vault.setLocking': {
    window: 'features/settings/locking-section.tsx',
    command: 'commands/vault/locking.ts',
  },
  'vault.requestCode': { window: 'ui/forms/proof-fields.tsx', command: 'input/vault-proof.ts' },
  'vault.setRecoveryKey': {
    window: 'features/settings/recovery-key-dialog.tsx',
    command: 'commands/vault/recovery-key.ts',
  },
  'vault.backUp': { window: 'features/settings/backup-section.tsx', command: 'commands/vault/backup.ts' },
  'vault.inspectBackup': {
    window: 'features/settings/restore-dialog.tsx',
    command: 'commands/vault/backup.ts',
  },
  'vault.restore': { window: 'features/settings/restore-dialog.tsx', command: 'commands/vault/backup.ts' },
  'vault.schedule': {
    window: 'features/settings/schedule/schedule.tsx',
    command: 'commands/vault/backup-schedule.ts',
  },
  'vault.setSchedule': {
    window: 'features/settings/schedule/schedule-dialog.tsx',
    command: 'commands/vault/backup-schedule.ts',
  },
  'vault.watchNotices': {
    window: 'connection/engine-link.ts',
    command: null,
    why: 'It tells an open window what somebody else does just now; "audit" lists the same afterwards.',
  },

  'findings.list': { window: null, command: 'commands/domain/findings.ts', why: once },
  'findings.watch': {
    window: 'features/domains/findings/findings-section.tsx',
    command: 'commands/domain/findings.ts',
  },
  'findings.clear': {
    window: 'features/domains/findings/findings-section.tsx',
    command: 'commands/domain/findings.ts',
  },

  'notices.list': {
    window: 'features/settings/notices/notices-section.tsx',
    command: 'commands/engine/notice.ts',
  },
  'notices.add': {
    window: 'features/settings/notices/notice-dialog.tsx',
    command: 'commands/engine/notice.ts',
  },
  'notices.remove': {
    window: 'features/settings/notices/notices-section.tsx',
    command: 'commands/engine/notice.ts',
  },
  'notices.test': {
    window: 'features/settings/notices/notices-section.tsx',
    command: 'commands/engine/notice.ts',
  },
  'usage.query': { window: 'features/usage/usage-state.ts', command: 'commands/engine/usage.ts' },
  'usage.csv': { window: 'features/usage/usage-state.ts', command: 'commands/engine/usage.ts' },
  'usage.watch': { window: 'connection/engine-link.ts', command: null, why: live },
  'usage.price': {
    window: null,
    command: 'commands/engine/usage.ts',
    why: 'The window has the price from usage.query, with what it comes to.',
  },
  'usage.setPrice': { window: 'features/usage/price.tsx', command: 'commands/engine/usage.ts' },

  'inspect.openings': {
    window: 'ui/staging/passphrase-prompt.tsx',
    command: null,
    why: 'A command opens files in its own process and knows how far it is.',
  },
  'inspect.open': { window: inspection, command: 'commands/files/inspect.ts' },
  'inspect.add': { window: inspection, command: null, why: allFilesAtOnce },
  'inspect.unlock': { window: inspection, command: 'commands/files/given-files.ts' },
  'inspect.close': { window: inspection, command: 'commands/agent/agent-tools.ts' },
  'inspect.diagnose': { window: inspector, command: 'commands/files/inspect.ts' },
  'inspect.lint': { window: inspector, command: 'commands/files/lint.ts' },
  'inspect.preflight': { window: inspector, command: 'commands/files/preflight.ts' },
  'inspect.timeline': {
    window: inspector,
    command: null,
    why: 'A slider to look at. "verify --at" answers for a day, and "report" writes the whole timeline.',
  },
  'inspect.compare': { window: inspector, command: 'commands/files/compare.ts' },
  'inspect.clean': { window: inspector, command: 'commands/files/convert.ts' },
  'inspect.asn1': {
    window: inspector,
    command: null,
    why: 'A tree to look at; "openssl asn1parse" prints one.',
  },
  'inspect.remote': { window: inspector, command: 'commands/files/inspect.ts' },
  'inspect.report': { window: inspector, command: 'commands/files/report.ts' },
  'agents.readFiles': {
    window: null,
    command: 'commands/agent/agent-files.ts',
    why: 'Agents are served by the command line.',
  },
}
