import { count } from '../text/count.ts'
import { z } from 'zod'
import { acmeProblemSchema, type AcmeProblem } from './acme-problem.ts'
import { askedServerSchema, formatServerState } from './asked-server.ts'
import { visibleText } from '../text/visible-text.ts'
import { define, named, none } from './define.ts'

const longestQuote = 300

/** Makes a server's text fit to be quoted in a sentence. */
function quoted(text: string): string {
  const visible = visibleText(text).trim().replace(/\.$/, '')
  return visible.length > longestQuote ? `${visible.slice(0, longestQuote)}…` : visible
}

function formatProblem({ type, detail, subproblems }: AcmeProblem): string {
  const about = subproblems.map((each) => `${each.identifier ?? each.type}: ${quoted(each.detail)}`)
  return [`${quoted(detail) || type} (${quoted(type)})`, ...about].join('; ')
}

/** Let's Encrypt's words for a validation that failed from other networks alone (Baseline Requirements, 3.2.2.9). */
function validationCure({ detail }: AcmeProblem): string {
  return detail.startsWith('During secondary validation')
    ? 'The authority asks from several countries: geo-blocking of port 80, or a name server without the new record, fails it. Open them and try again.'
    : 'Fix that and try again.'
}

const atHost = z.object({ host: z.string(), reason: z.string() })

/** Certificates from an authority that speaks ACME. */
export const acmeErrors = {
  'acme.url_refused': define(
    'input',
    z.object({ url: z.string(), reason: z.string() }),
    (d) =>
      `${visibleText(d.url)} is not fetched: ${d.reason}. Only the directory of an authority that you have typed yourself may be on this computer or in its network.`,
  ),
  'acme.unreachable': define(
    'trouble',
    atHost,
    (d) => `${visibleText(d.host)} cannot be reached (${quoted(d.reason)}). Nothing was changed; try again.`,
  ),
  'acme.untrusted': define(
    'input',
    atHost,
    (d) =>
      `The certificate of ${visibleText(d.host)} is not from an authority that is trusted here (${quoted(d.reason)}). If the authority is your own, give its root with "--roots FILE".`,
  ),
  'acme.answer_unusable': define(
    'trouble',
    atHost,
    (d) =>
      `${visibleText(d.host)} gave an answer that cannot be used: ${d.reason}. Check that the address is that of an ACME directory.`,
  ),
  'acme.problem': define(
    'state',
    z.object({ host: z.string(), problem: acmeProblemSchema }),
    (d) => `${visibleText(d.host)} says: ${formatProblem(d.problem)}.`,
  ),
  'acme.rate_limited': define(
    'state',
    z.object({ host: z.string(), problem: acmeProblemSchema, retryAt: z.string() }),
    (d) =>
      `${visibleText(d.host)} asks to wait until ${d.retryAt}: ${formatProblem(d.problem)}. No request is sent to it before then.`,
  ),
  'acme.validation_failed': define(
    'state',
    z.object({ name: z.string(), challenge: z.string(), problem: acmeProblemSchema }),
    (d) =>
      `${d.name} could not be validated by ${d.challenge}. The authority says: ${formatProblem(d.problem)}. ${validationCure(d.problem)}`,
  ),
  'acme.too_slow': define(
    'trouble',
    z.object({ host: z.string(), what: z.string(), minutes: z.number() }),
    (d) =>
      `${visibleText(d.host)} did not finish ${d.what} within ${d.minutes} minutes. What is served stays as it is; try again later.`,
  ),
  'acme.certificate_unusable': define(
    'trouble',
    atHost,
    (d) => `The certificate that ${visibleText(d.host)} issued is not stored: ${d.reason}.`,
  ),
  'acme.challenge_unavailable': define(
    'state',
    z.object({ name: z.string(), wanted: z.string(), offered: z.array(z.string()) }),
    (d) =>
      `${d.name} cannot be validated by ${d.wanted}: the authority offers ${d.offered.map(quoted).join(', ') || 'nothing'}. Choose another challenge.`,
  ),
  'acme.profile_unknown': define(
    'input',
    z.object({ profile: z.string(), offered: z.array(z.string()) }),
    (d) =>
      `The authority has no profile "${visibleText(d.profile)}". It has ${d.offered.map(quoted).join(', ') || 'none'}.`,
  ),
  'acme.caa_forbids': define(
    'state',
    z.object({ name: z.string(), at: z.string(), issuers: z.array(z.string()) }),
    (d) =>
      `The CAA records of ${d.at} do not let this authority issue for ${d.name}: they name ${d.issuers.map(quoted).join(', ') || 'no authority'}. Add this authority to them, or use another one.`,
  ),
  'acme.terms_not_agreed': define(
    'input',
    z.object({ host: z.string(), url: z.string().nullable() }),
    (d) =>
      `${visibleText(d.host)} issues only to those who agree to its terms${d.url === null ? '' : ` (${quoted(d.url)})`}. Read them, and agree in the window or with --agree.`,
  ),
  'acme.binding_required': define(
    'input',
    z.object({ host: z.string() }),
    (d) =>
      `${visibleText(d.host)} requires external account binding (EAB). Copy the key ID and the MAC key from your account there.`,
  ),
  'acme.binding_malformed': define(
    'input',
    none,
    () =>
      'The MAC key of an external account binding is base64url, as the authority shows it, of 16 bytes or more.',
  ),
  'acme.account_not_found': define(
    'input',
    z.object({ reference: z.string() }),
    (d) =>
      `There is no ACME account "${d.reference}". "edgekeep acme account list" lists the accounts; "edgekeep acme account add" creates one.`,
  ),
  'acme.account_name_taken': define(
    'input',
    named,
    (d) => `An ACME account is called "${visibleText(d.name)}" already. Give this one another name.`,
  ),
  'acme.account_in_use': define(
    'state',
    z.object({ name: z.string(), certificates: z.array(z.string()) }),
    (d) =>
      `The account "${visibleText(d.name)}" renews ${d.certificates.join(', ')}. Give them another certificate first, or end it with --force.`,
  ),
  'acme.busy': define(
    'state',
    named,
    (d) => `A certificate for ${d.name} is being ordered already. Wait for it, or cancel it.`,
  ),
  'acme.cancelled': define('state', none, () => 'The order was cancelled. Nothing was changed.'),
  'acme.no_edge': define(
    'state',
    z.object({ challenge: z.string() }),
    (d) =>
      `${d.challenge} is answered by the edge, and no edge runs. Start it with "edgekeep up", or use dns-01.`,
  ),
  'acme.wildcard_needs_dns': define(
    'input',
    named,
    (d) => `${d.name} can be validated by dns-01 only. Choose a DNS method ("edgekeep acme dns add").`,
  ),
  'acme.dns_not_found': define(
    'input',
    z.object({ reference: z.string() }),
    (d) =>
      `There is no DNS method "${d.reference}". "edgekeep acme dns list" lists the methods; "edgekeep acme dns add" creates one.`,
  ),
  'acme.dns_in_clear': define(
    'input',
    z.object({ host: z.string() }),
    (d) =>
      `The password of the acme-dns account would go to ${visibleText(d.host)} unencrypted. Use an address that begins with https://; http:// is for 127.0.0.1, [::1] and localhost only.`,
  ),
  'acme.hook_from_window': define(
    'state',
    none,
    () =>
      'A program that sets DNS records is added on the command line only: "edgekeep acme dns add --hook".',
  ),
  'acme.not_ours': define(
    'state',
    named,
    (d) =>
      `"${visibleText(d.name)}" was not issued to an ACME account of this vault. Revoke it where it was issued.`,
  ),
  'acme.persistent_record_missing': define(
    'state',
    z.object({
      name: z.string(),
      value: z.string(),
      seen: z.array(z.string()),
      reason: z.string().nullable(),
    }),
    (d) =>
      `Set this TXT record once, and order again when it is there: ${d.name} TXT "${visibleText(d.value)}". Now ${d.reason === null ? (d.seen.length === 0 ? 'there is none' : `it says ${d.seen.map(quoted).join(', ')}`) : `it cannot be looked up (${visibleText(d.reason)})`}.`,
  ),
  'acme.persistent_unavailable': define(
    'state',
    z.object({ host: z.string() }),
    (d) =>
      `${visibleText(d.host)} does not say in its directory how records of dns-persist-01 are written. Order a certificate by it: where it offers that challenge, the order says which record to set.`,
  ),
  'acme.dns_failed': define(
    'trouble',
    z.object({ name: z.string(), method: z.string(), reason: z.string() }),
    (d) => `The TXT record ${d.name} could not be set by "${visibleText(d.method)}": ${quoted(d.reason)}.`,
  ),
  'acme.dns_not_propagated': define(
    'state',
    z.object({
      name: z.string(),
      value: z.string(),
      seconds: z.number(),
      servers: z.array(askedServerSchema),
    }),
    (d) =>
      `After ${count(d.seconds, 'second')} not every name server has the TXT record ${d.name} "${d.value}": ${d.servers.map(formatServerState).join('; ')}. The authority was not asked to look. Try again, or let the DNS method wait longer ("edgekeep acme dns wait").`,
  ),
  'renewal.not_all': define(
    'state',
    z.object({ names: z.array(z.string()) }),
    (d) => `Not renewed: ${d.names.map(visibleText).join(', ')}. What is served stays as it is.`,
  ),
} as const

/** The ACME server on the local authority. */
export const acmeServerErrors = {
  'acme_server.not_running': define(
    'state',
    none,
    () =>
      'The ACME server does not run. Start the engine ("edgekeep up"), and turn it on with "edgekeep acme serve".',
  ),
  'acme_server.account_not_found': define(
    'input',
    z.object({ id: z.string() }),
    (d) =>
      `The ACME server has no account "${visibleText(d.id)}". "edgekeep acme accounts" lists them with their IDs.`,
  ),
} as const
