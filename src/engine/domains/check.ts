import { answerTitles } from '../../contract/inspect/certificate-facts.ts'
import type { CheckReport, Domain } from '../../contract/domains/domains.ts'
import { refusalMessage } from '../../domain/dev-servers.ts'
import { outageReason, outageRemedy } from '../../domain/outage.ts'
import { checkPage } from './check-page.ts'
import { publishUnpublished } from '../core/commit.ts'
import { type Core, edgePorts } from '../core/core.ts'
import { rootProblemOf } from '../core/root-validity.ts'
import { domainRow, getDomain } from './domains.ts'
import type { DomainNeeds } from './needs.ts'
import { portFacts, portSteps } from './port-steps.ts'
import { probeHttp, probeHttps, type Probe } from './probe.ts'
import { verifyForBrowsers } from '../certificates/verdicts.ts'
import { certificateFacts } from '../../pki/facts/certificate.ts'

type Step = CheckReport['steps'][number]

/**
 * Makes real requests through the edge, as a browser would: HTTP, the redirect if one is set, the TLS
 * handshake with the domain's name, and the page over HTTPS. A wildcard domain is tested with the label
 * `check`.
 */
export async function checkDomain(parts: DomainNeeds, input: string): Promise<CheckReport> {
  const domain = getDomain(parts, input)
  const ports = edgePorts(parts)
  const host = domain.name.replace(/^\*\./, 'check.')
  const http = await probeHttp({ host, port: ports.http })
  const https =
    domain.https.state === 'on' ? await probeUncharged(parts, domain.name, { host, port: ports.https }) : null
  const tls = https?.tls ? tlsView(parts, host, https.tls) : null
  const page = https?.response ? await checkPage(parts, domain, { host, port: ports.https }) : []
  const steps = [
    ...keyStep(domain),
    ...authorityStep(parts, https?.tls?.chain),
    httpStep(domain, http, ports),
    ...httpsSteps(domain, https, tls, ports),
    ...revocationStep(domain),
    ...portSteps(parts),
    ...page,
  ]
  const report: CheckReport = {
    domain: domain.name,
    at: parts.clock().toISOString(),
    ok: steps.every((step) => step.ok) && domain.https.state === 'on',
    summary: summary(domain, steps),
    steps,
    tls,
    timeToFirstByteMs: https?.response?.firstByteMs ?? http.response?.firstByteMs ?? null,
  }
  // An outage is reported by itself; results during it are not worth remembering.
  if (domain.https.outage === null) remember(parts, domain.name, report)
  return report
}

async function probeUncharged(
  { metering }: DomainNeeds,
  domain: string,
  target: { host: string; port: number },
): Promise<Probe> {
  metering.exempt(domain, 1)
  const probe = await probeHttps(target)
  if (!probe.response) metering.exempt(domain, -1)
  return probe
}

/** Step for an outage, which explains the failures of the other steps. */
function keyStep({ https: { outage } }: Domain): Step[] {
  if (outage === null) return []
  const seen = `The edge has no key for this domain: ${outageReason(outage)}. ${outageRemedy(outage)}`
  return [{ id: 'key', title: 'Key', ok: false, seen }]
}

/** Step for a root from the future, whose remedy the verdicts of the chain cannot give. */
function authorityStep(parts: Core, chain: readonly Uint8Array[] = []): Step[] {
  const problem = rootProblemOf(chain, parts)
  return problem ? [{ id: 'authority', title: 'Local authority', ok: false, seen: problem.message }] : []
}

function httpStep(domain: Domain, probe: Probe, ports: { https: number; http: number }): Step {
  const base = { id: 'http', title: 'HTTP', tookMs: probe.response?.firstByteMs }
  if (!probe.response) return { ...base, ok: false, seen: probe.failure ?? 'There was no answer.' }
  const { status, location } = probe.response
  if (domain.redirect.mode !== 'https') return { ...base, ...answered(domain, probe.response) }
  const target = `https://${probe.host}${ports.https === 443 ? '' : `:${ports.https}`}/`
  const ok = status === domain.redirect.code && location === target
  const seen = ok
    ? `It answers ${status} and sends the browser to ${target}`
    : `It should redirect to ${target} with ${domain.redirect.code}, but answers ${status}${location ? ` to ${location}` : ''}.`
  return { ...base, id: 'redirect', title: 'HTTP redirects to HTTPS', ok, seen }
}

function httpsSteps(
  domain: Domain,
  probe: Probe | null,
  tls: CheckReport['tls'],
  ports: { https: number; http: number },
): Step[] {
  if (!probe)
    return [
      { id: 'https', title: 'HTTPS', ok: false, seen: `HTTPS is ${domain.https.state} for this domain.` },
    ]
  if (!tls) {
    return [
      { id: 'handshake', title: 'TLS handshake', ok: false, seen: probe.failure ?? 'The handshake failed.' },
    ]
  }
  const handshake: Step = {
    id: 'handshake',
    title: 'TLS handshake',
    ok: true,
    seen: `${tls.protocol} with ${tls.cipher}${tls.alpn ? `, ${tls.alpn}` : ''}.`,
    tookMs: probe.handshakeMs,
  }
  return [handshake, ...answerSteps(tls.answers), responseStep(domain, probe, ports)]
}

/** Step for the revocation status, if known: most certificates name no responder, or none is queried. */
function revocationStep({ https: { certificate, stapling } }: Domain): Step[] {
  if (certificate?.revoked !== true) return []
  const seen = `${stapling?.problem ?? 'The certificate was revoked.'} Have a new one issued with a new key.`
  return [{ id: 'revocation', title: 'Revocation', ok: false, seen }]
}

function answerSteps(answers: NonNullable<CheckReport['tls']>['answers']): Step[] {
  return answerTitles.flatMap(([id, title]) => {
    const answer = answers[id]
    return answer ? [{ id, title, ok: answer.ok, seen: answer.reason }] : []
  })
}

function responseStep(domain: Domain, probe: Probe, ports: { http: number }): Step {
  const base = { id: 'response', title: 'The page over HTTPS', tookMs: probe.response?.firstByteMs }
  if (!probe.response) return { ...base, ok: false, seen: probe.failure ?? 'There was no answer.' }
  const { status, location } = probe.response
  if (domain.redirect.mode !== 'http') return { ...base, ...answered(domain, probe.response) }
  const target = `http://${probe.host}${ports.http === 80 ? '' : `:${ports.http}`}/`
  const ok = status === domain.redirect.code && location === target
  return {
    ...base,
    id: 'redirect',
    title: 'HTTPS redirects to HTTP',
    ok,
    seen: ok
      ? `It answers ${status} and sends the browser to ${target}`
      : `It answers ${status}, not ${domain.redirect.code} to ${target}`,
  }
}

function answered(
  { policies, displayName }: Domain,
  { status, refusedBy }: NonNullable<Probe['response']>,
): Pick<Step, 'ok' | 'seen' | 'refusedBy'> {
  if (refusedBy)
    return { ok: false, seen: `It answers ${status}. ${refusalMessage(refusedBy, displayName)}`, refusedBy }
  if (status === 403 && policies.tls.clientCertificates === 'required')
    return {
      ok: true,
      seen: 'It answers 403, as it should: the domain requires client certificates, and this check shows none.',
    }
  if (status === 502 || status === 504)
    return { ok: false, seen: `The edge answers ${status}: the origin cannot be reached.` }
  return { ok: status < 500, seen: `It answers ${status}.` }
}

function tlsView(parts: DomainNeeds, host: string, tls: NonNullable<Probe['tls']>): CheckReport['tls'] {
  const { answers } = verifyForBrowsers(parts, tls.chain, host)
  const chain = tls.chain.map((der) => {
    const { title, fingerprintSha256 } = certificateFacts(der)
    return { title, fingerprintSha256 }
  })
  return { protocol: tls.protocol, cipher: tls.cipher, alpn: tls.alpn, chain, answers }
}

function summary(domain: Domain, steps: Step[]): string {
  const failed = steps.find((step) => !step.ok)
  if (!failed) return `The edge serves ${domain.displayName} over HTTPS.`
  return `${failed.title}: ${failed.seen}`
}

/** Stores the last verification, which is no change of the configuration. */
function remember(parts: DomainNeeds, name: string, { at, ok, summary: words }: CheckReport): void {
  domainRow(parts, name)
  const ports = portFacts(parts)
  parts.vault.domains.update(name, { lastCheck: { at, ok, summary: words, ...(ports && { ports }) } })
  publishUnpublished(parts)
}
