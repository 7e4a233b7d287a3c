import { readableText } from '../../../contract/text/readable-name.ts'
import type { AuditRow } from '../../../contract/audit/audit.ts'
import { publishedStates } from '../../../contract/targets/targets.ts'

/** Message key of an audit row, with its parameters. */
export interface Entry {
  sentence: SentenceKey
  subject: string
  /** Second name in the sentence, such as the certificate served now or the new name. */
  other: string
  href: string | null
}

const plain = {
  'domain.add': 'domainAdded',
  'domain.origin': 'originChanged',
  'domain.policies': 'policiesChanged',
  'domain.tag': 'domainTagged',
  'domain.remove': 'domainRemoved',
  'run.begin': 'runBegun',
  'run.end': 'runEnded',
  'project.trust': 'projectTrusted',
  'container.serve': 'containerServed',
  'project.forget': 'projectForgotten',
  'target.add': 'targetAdded',
  'target.remove': 'targetRemoved',
  'target.renew_failed': 'targetNotRenewed',
  'target.take_back': 'targetTakenBack',
  'lan.on': 'networkOn',
  'lan.off': 'networkOff',
  'https.pause': 'httpsPaused',
  'certificate.import': 'certificateImported',
  'certificate.issue': 'certificateIssued',
  'issue.device': 'issuedForDevice',
  'issue.request': 'requestSigned',
  'issue.revoke': 'certificateRevoked',
  'authority.publish': 'revocationServiceSet',
  'acme-server.settings': 'acmeServerSet',
  'acme-server.bind': 'acmeBound',
  'acme-server.unbind': 'acmeUnbound',
  'acme-server.account_end': 'acmeClientEnded',
  'acme-server.account_remove': 'acmeClientRemoved',
  'acme-server.revocations': 'acmeClientsRevoked',
  'request.create': 'requestCreated',
  'request.forget': 'requestForgotten',
  'certificate.rename': 'certificateRenamed',
  'certificate.remove': 'certificateRemoved',
  'configuration.import': 'configurationImported',
  'import.apply': 'movedIn',
  'watch.add': 'watchAdded',
  'watch.remove': 'watchRemoved',
  'import.undo': 'movedOut',
  'certificate.annotate': 'certificateAnnotated',
  'vault.locking': 'lockingSet',
  'edge.settings': 'edgeSet',
  'authority.create': 'authorityCreated',
  'authority.rotate': 'authorityRotated',
  'authority.renew': 'authorityRenewed',
  'trust.install': 'trustInstalled',
  'trust.undo': 'trustUndone',
  'vault.restore': 'vaultRestored',
  'vault.lock': 'vaultLocked',
  'vault.unlock': 'vaultUnlocked',
  'vault.recovery-key': 'recoveryKeySet',
  'backup.make': 'backupMade',
  'usage.price': 'priceSet',
  'desktop.preferences': 'desktopSet',
  'agents.permissions': 'agentsSet',
  'agent.call': 'agentCalled',
  'agent.refused': 'agentRefused',
  'acme.account_add': 'acmeAccountAdded',
  'acme.account_rollover': 'acmeAccountKeyChanged',
  'acme.account_end': 'acmeAccountEnded',
  'acme.dns_add': 'dnsMethodAdded',
  'acme.dns_remove': 'dnsMethodRemoved',
  'acme.dns_wait': 'dnsWaitSet',
  'notice.add': 'noticeAdded',
  'notice.remove': 'noticeRemoved',
  'certificate.renew': 'certificateRenewed',
  'certificate.renew_failed': 'renewalFailed',
  'certificate.renew_held': 'renewalHeld',
  'certificate.renewal': 'renewalSet',
  'certificate.revoke': 'certificateRevokedByAcme',
  'https.renew': 'httpsRenewed',
  'names.install': 'namesInstalled',
  'names.undo': 'namesUndone',
  'ports.move': 'portsMoved',
  'ports.system': 'lowPortsSet',
} as const

export type SentenceKey =
  | (typeof plain)[keyof typeof plain]
  | `redirect${'None' | 'Https' | 'Http'}`
  | 'httpsOn'
  | 'httpsResumed'
  | 'certificateSwapped'
  | 'httpsOff'
  | 'certificateKept'
  | 'certificateNotKept'
  | 'keyReplaced'
  | 'protectorChanged'
  | 'scheduleSet'
  | 'scheduleEnded'
  | 'copyMade'
  | 'copyFailed'
  | 'secretRefused'
  | 'unlocksRefused'
  | 'accessLogOn'
  | 'accessLogOff'
  | 'published'
  | 'publishedInPart'
  | `targetRenewal${'On' | 'Off'}`
  | `${'proxy' | 'responder'}${'Opened' | 'Closed'}`
  | 'somethingElse'

/** Display names: of certificates by id (current or last known), and of domains by name. */
export type Names = ReadonlyMap<string, string>

/** Entry for an audit row. An action unknown to this window is shown by its raw name. */
export function entryOf(row: AuditRow, names: Names): Entry {
  const sentence = sentenceKeyOf(row)
  const subject = readableText(subjectOf(row, names))
  const other = readableText(otherOf(row, sentence))
  return { sentence, subject, other, href: hrefOf(row) }
}

function sentenceKeyOf(row: AuditRow): SentenceKey {
  const { action, before, after } = row
  switch (action) {
    case 'domain.redirect': {
      const mode = inside(after, 'mode')
      return mode === 'https' ? 'redirectHttps' : mode === 'http' ? 'redirectHttp' : 'redirectNone'
    }
    case 'https.enable':
      return turnedOn(before, after)
    case 'https.replace':
    case 'https.import':
      return inside(after, 'certificate', 'name') === undefined ? 'httpsOff' : 'certificateSwapped'
    case 'https.disable':
      // Deleted certificates have rows of their own.
      return 'httpsOff'
    case 'backup.schedule':
      return after === null ? 'scheduleEnded' : 'scheduleSet'
    case 'backup.run':
      return inside(after, 'ok') === true ? 'copyMade' : 'copyFailed'
    case 'traffic.access-log':
      return inside(after, 'enabled') === true ? 'accessLogOn' : 'accessLogOff'
    case 'target.publish':
      return isPublished(after) ? 'published' : 'publishedInPart'
    case 'target.renewal':
      return inside(after, 'on') === true ? 'targetRenewalOn' : 'targetRenewalOff'
    case 'names.proxy':
      return inside(after, 'port') === null ? 'proxyClosed' : 'proxyOpened'
    case 'names.dns':
      return inside(after, 'port') === null ? 'responderClosed' : 'responderOpened'
    case 'certificate.keep':
      return after === true ? 'certificateKept' : 'certificateNotKept'
    case 'vault.refuse':
      return inside(after, 'attempts') === undefined ? 'secretRefused' : 'unlocksRefused'
    case 'vault.rotate':
      return inside(before, 'protector') === inside(after, 'protector') ? 'keyReplaced' : 'protectorChanged'
    default:
      return isPlain(action) ? plain[action] : 'somethingElse'
  }
}

function isPublished(after: unknown): boolean {
  const states = [inside(after, 'servers')].flat().map((server) => inside(server, 'state'))
  return states.every((state) => publishedStates.has(state))
}

function isPlain(action: string): action is keyof typeof plain {
  return Object.hasOwn(plain, action)
}

function turnedOn(before: unknown, after: unknown): SentenceKey {
  const [was, is] = [
    inside(before, 'certificate', 'fingerprintSha256'),
    inside(after, 'certificate', 'fingerprintSha256'),
  ]
  if (typeof was === 'string' && was !== is) return 'certificateSwapped'
  return inside(before, 'state') === 'paused' ? 'httpsResumed' : 'httpsOn'
}

function otherOf({ action, after }: AuditRow, sentence: SentenceKey): string {
  if (action.startsWith('https.')) return text(inside(after, 'certificate', 'name'))
  if (action.startsWith('import.')) return text(inside(after, 'source'))
  if (action === 'backup.make') return text(inside(after, 'file'))
  if (action === 'acme-server.revocations') return text(inside(after, 'certificates'))
  if (action === 'vault.recovery-key') return text(inside(after, 'id'))
  if (action === 'vault.refuse') return text(inside(after, 'attempts') ?? inside(after, 'what'))
  if (action === 'backup.run') return text(inside(after, 'summary'))
  if (action === 'backup.schedule') return text(inside(after, 'folder'))
  if (action === 'certificate.rename') return text(after)
  if (action.endsWith('.renew_failed')) return text(inside(after, 'reason'))
  if (action === 'names.proxy' || action === 'names.dns') return text(inside(after, 'port'))
  if (action.startsWith('lan.') || action === 'target.publish')
    return [inside(after, 'domains')].flat().map(text).join(', ')
  if (action.startsWith('agent.'))
    return [inside(after, 'domain') ?? inside(after, 'files') ?? []].flat().map(text).join(', ')
  if (sentence === 'somethingElse') return action
  return text(inside(after, 'code'))
}

function subjectOf(row: AuditRow, names: Names): string {
  if (row.action.startsWith('trust.'))
    return text(inside(row.after, 'store')) || text(inside(row.before, 'store'))
  if (row.action.startsWith('authority.')) return text(inside(row.after, 'title'))
  if (/^(issue|request|acme-server)\./.test(row.action))
    return text(inside(row.after, 'name')) || text(inside(row.before, 'name'))
  return row.action.startsWith('certificate.')
    ? certificateName(row, names)
    : (names.get(row.subject) ?? row.subject)
}

function certificateName({ action, subject, before, after }: AuditRow, names: Names): string {
  if (action === 'certificate.rename') return text(before)
  return text(inside(after, 'name')) || text(inside(before, 'name')) || (names.get(subject) ?? subject)
}

export const domainPath = (name: string) => `/domains/${encodeURIComponent(name)}`

function hrefOf({ action, subject }: AuditRow): string | null {
  if (action.startsWith('certificate.')) return `/certificates/${encodeURIComponent(subject)}`
  if (/^(domain|https)\./.test(action)) return domainPath(subject)
  return null
}

/** Certificate names in the trail, for certificates that no longer exist. */
export function namesInTrail(rows: readonly AuditRow[]): Map<string, string> {
  const names = new Map<string, string>()
  for (const { action, subject, before, after } of rows) {
    if (!action.startsWith('certificate.') || names.has(subject)) continue
    const name = action === 'certificate.rename' ? after : (inside(after, 'name') ?? inside(before, 'name'))
    if (typeof name === 'string') names.set(subject, name)
  }
  return names
}

function inside(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null
        ? Object.entries(inner).find(([own]) => own === name)?.[1]
        : undefined,
    value,
  )
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
