import { isIP } from 'node:net'
import type { CertificateFacts, Verification } from '../../contract/inspect/certificate-facts.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import type { Diagnosis } from '../../contract/inspect/diagnosis.ts'
import { publishedCertificate } from '../authorities/known-authorities.ts'
import { relative, shortDate } from '../facts/format-time.ts'
import { chainGap } from './chain-gap.ts'
import { hasFatalFault, hasWeakness } from './faults.ts'
import { bad, attention, calledAfter, type Evidence, listed, type Look, pieceOf } from './evidence.ts'

/** Client acceptance of the certificate. Skipped for several sites. */
export const trustSituations: Look = (evidence) => {
  const { verification, leaf, isMany } = evidence
  const facts = leaf?.certificate
  if (!facts || !verification || isMany) return []
  if (isAuthorityAlone(facts)) return [authorityAsLeaf(evidence, facts)]
  const { validity, authority, signature, name } = verification.answers
  return [
    ...(validity.ok ? expiredOnTheSide(evidence, verification) : [outOfTime(evidence, verification, facts)]),
    ...(authority.ok ? [] : [untrusted(evidence, verification, facts)]),
    ...(authority.ok && !signature.ok && !hasWeakness(evidence)
      ? [badSignature(evidence, signature.reason)]
      : []),
    ...evidence.doubts.map((sentence) =>
      attention('ocsp-doubt', [leaf?.id], {
        sentence,
        nextStep:
          'Ask the responder again; Firefox refuses a site whose issuer does not know its certificate.',
      }),
    ),
    ...(name && !name.ok ? [wrongHost(evidence, facts, name.reason)] : []),
  ]
}

/**
 * True for a CA certificate in place of a site's. Self-signed certificates that are marked as CA do get
 * served, so they do not count.
 */
export function isAuthorityAlone(facts: CertificateFacts): boolean {
  return facts.isCa && (!facts.isSelfSigned || hostsOf(facts).length === 0)
}

const hostsOf = ({ names }: CertificateFacts): string[] => [...names.dns, ...names.ip]

function authorityAsLeaf({ leaf }: Evidence, { title, isSelfSigned }: CertificateFacts): Diagnosis {
  return bad('authority-as-leaf', [leaf?.id], {
    sentence: `“${title}” is ${isSelfSigned ? 'a root' : 'an intermediate'}: a CA certificate, not a server’s.`,
    nextStep: isSelfSigned
      ? 'Add the certificate that was issued for your site. Clients install a root as trusted; servers do not send it.'
      : 'Add the certificate that this authority issued for your site. This one follows it in the chain.',
  })
}

function outOfTime(
  evidence: Evidence,
  { answers, candidates }: Verification,
  facts: CertificateFacts,
): Diagnosis {
  const { at, leaf } = evidence
  const until = Date.parse(facts.notAfter)
  const from = Date.parse(facts.notBefore)
  if (at > until)
    return bad('expired', [leaf?.id], {
      sentence: `The certificate for ${facts.title} expired on ${shortDate(until)}, ${relative(until, at)}.`,
      nextStep: 'Renew it, and replace it with the new one.',
    })
  if (at < from)
    return bad('not-yet-valid', [leaf?.id], {
      sentence: `The certificate for ${facts.title} is valid only from ${shortDate(from)}, ${relative(from, at)}.`,
      nextStep: "Wait until then, or correct this computer's clock if it is wrong.",
    })
  const [nearest] = candidates
  const link = nearest?.broken ? nearest.certificates[nearest.broken.index] : undefined
  const piece = pieceOf(evidence, link?.fingerprintSha256)
  return bad('expired-intermediate', [piece?.id], {
    sentence: `${answers.validity.reason} The certificate for ${facts.title} itself is within its validity period.`,
    nextStep: "Replace it with the authority's current intermediate.",
  })
}

/** The valid path bypasses an expired certificate that is in the files too. */
function expiredOnTheSide(evidence: Evidence, { path, ok }: Verification): Diagnosis[] {
  const { at, report, bundle } = evidence
  const used = new Set(path.map(({ fingerprintSha256 }) => fingerprintSha256))
  const stale = report.pieces.filter(
    ({ certificate }) =>
      certificate?.isCa &&
      Date.parse(certificate.notAfter) < at &&
      !used.has(certificate.fingerprintSha256) &&
      isNamed(evidence, certificate),
  )
  const [first] = stale
  if (!ok || !first?.certificate || !bundle) return []
  const names = listed(stale.map(({ certificate }) => `“${certificate?.title}”`))
  const way = path.slice(1).map(({ title }) => `“${title}”`)
  return [
    attention('expired-intermediate-way-out', stale, {
      sentence: `The intermediate ${names} in the files has expired, but another path is valid: through ${listed(way)}.`,
      nextStep:
        'Serve the chain without the expired certificate. Older clients stop at it and report that it has expired.',
    }),
  ]
}

/** True if another certificate of the files has it as issuer. */
function isNamed({ report }: Evidence, { subject }: CertificateFacts): boolean {
  return report.pieces.some(
    ({ certificate }) => certificate?.issuer === subject && certificate.subject !== subject,
  )
}

function untrusted(evidence: Evidence, verification: Verification, facts: CertificateFacts): Diagnosis {
  const { code, reason } = verification.answers.authority
  const [nearest] = verification.candidates
  const top = pieceOf(evidence, nearest?.certificates.at(-1)?.fingerprintSha256)?.certificate ?? facts
  const pieces = [evidence.leaf?.id]
  if (code === 'self_signed')
    return bad('self-signed', pieces, {
      sentence: `The certificate for ${facts.title} is self-signed: no trusted authority issued it, so every browser warns.`,
      nextStep:
        'For a public site, get a certificate from a public authority. On your own computer, use a free certificate of the local authority.',
    })
  const incomplete = code === 'missing_intermediate' || code === 'unknown_authority'
  const gap = incomplete ? chainGap(evidence, top, code) : undefined
  if (gap) return gap
  if (code === 'bad_signature') return badSignature(evidence, verification.answers.signature.reason)
  const crossSign = top.isSelfSigned && publishedCertificate(top.publicKey.spkiSha256)
  if (crossSign && top !== facts)
    return bad('missing-intermediate', pieces, {
      sentence: `“${top.title}” is here as a self-signed root, which clients do not trust: the one issued by “${crossSign.issuer}” is missing.`,
      nextStep: `Take the cross-signed “${top.title}” in its place, from ${crossSign.address}.`,
    })
  const namesake = evidence.roots.find(({ subject }) => subject === top.issuer)
  if (incomplete && namesake)
    return bad('unknown-authority', pieces, {
      sentence: `“${calledAfter(top.issuer)}” did not sign the certificate for ${facts.title}: the root given with that name has another key.`,
      nextStep: `Give the root whose key signed it; its serial number or date tells one “${calledAfter(top.issuer)}” from the other.`,
    })
  if (code === 'unknown_authority')
    return bad('unknown-authority', pieces, {
      sentence: `The certificate for ${facts.title} ${top.issuer === facts.issuer ? 'was issued by' : 'leads to'} “${calledAfter(top.issuer)}”, which is not trusted here.`,
      nextStep: hasFatalFault(evidence)
        ? ''
        : 'If the authority is your own, trust its root. For a public site, get a certificate from a public authority.',
    })
  if (code === 'revocation_unknown')
    return bad('revocation-unknown', [...pieces, ...listsIn(evidence)], {
      sentence: reason,
      nextStep: "Replace it with the authority's current list, or leave the list out to verify without it.",
    })
  if (code === 'policy')
    return bad('policy-not-met', pieces, {
      sentence: reason,
      nextStep: 'Accept one of its policies, or have it issued under one that you accept.',
    })
  const broken = nearest?.broken
  if (broken?.code === 'revoked' && broken.index > 0)
    return revokedIntermediate(evidence, verification, broken.index)
  if (code === 'revoked')
    return bad('revoked', pieces, {
      sentence: named(facts, reason),
      nextStep: 'Get a new certificate with a new key, and replace this one at once.',
    })
  return bad('not-accepted', pieces, {
    sentence: named(facts, reason),
    nextStep:
      (broken?.index ?? 0) > 0
        ? (issuerCures.get(code) ?? `The fault is in its authority: ${otherIssuer}`)
        : (cures.get(code) ?? 'Have it issued again without this fault.'),
  })
}

const otherIssuer =
  'the same authority would issue it with the same fault. Get it from another, or give the right intermediate.'
const namesCure = `Its authority may not issue for these names: ${otherIssuer}`
const cures = new Map([
  ['name_not_permitted', namesCure],
  ['wrong_purpose', 'Get one that is issued for TLS servers (extended key usage serverAuth).'],
])
/** Cures of faults of a certificate above the leaf. */
const issuerCures = new Map([
  ['name_not_permitted', namesCure],
  ['wrong_purpose', `Its authority may not issue for TLS servers: ${otherIssuer}`],
  ['path_too_long', `Its authority may have no further one below it: ${otherIssuer}`],
  [
    'not_an_authority',
    'Get it from an authority. If the issuer is your own, issue its certificate again as a CA (CA:TRUE, keyCertSign) with the same key.',
  ],
])

function revokedIntermediate(
  evidence: Evidence,
  { answers, candidates }: Verification,
  index: number,
): Diagnosis {
  const piece = pieceOf(evidence, candidates[0]?.certificates[index]?.fingerprintSha256)
  const current = publishedCertificate(piece?.certificate?.publicKey.spkiSha256 ?? '')
  return bad('revoked-intermediate', [piece?.id], {
    sentence: answers.authority.reason,
    nextStep: `Replace it with the authority’s current one${current ? `, from ${current.address}` : ''}. The certificate itself can stay.`,
  })
}

const named = ({ title }: CertificateFacts, reason: string): string =>
  reason.replace(/^It /, () => `The certificate for ${title} `)

/** Cures of keys and signatures that are whole, and that no client takes. */
const weakCures = new Map([
  ['weak_key', 'Get one with a key on P-256 (a named curve), or with an RSA key of 2048 bits or more.'],
  ['weak_signature', 'Have it issued again with a signature that uses SHA-256.'],
])

function badSignature({ leaf, verification }: Evidence, reason: string): Diagnosis {
  return bad('bad-signature', [leaf?.id], {
    sentence: reason.replace(/^Its signature/, () => `The signature on ${leaf?.certificate?.title}`),
    nextStep:
      weakCures.get(verification?.answers.signature.code ?? '') ??
      'Get the certificate and its chain from the authority again. One of them was changed, or they do not belong together.',
  })
}

function wrongHost({ leaf }: Evidence, facts: CertificateFacts, reason: string): Diagnosis {
  const usable = [...facts.names.dns.filter(isWorkingName), ...facts.names.ip].map(readableName)
  return bad('wrong-host', [leaf?.id], {
    sentence: named(facts, reason),
    nextStep:
      usable.length > 0
        ? `Use it for ${listed(usable)}, or get one that also covers this host.`
        : 'Get one that covers this host.',
  })
}

/** A host, or a wildcard that stands for one label of a domain. */
function isWorkingName(name: string): boolean {
  const [first = '', ...rest] = name.split('.')
  const labels = first === '*' && rest.length > 1 ? rest : [first, ...rest]
  return !isIP(name) && labels.every((label) => /^[a-z0-9_-]+$/i.test(label))
}

function listsIn({ report }: Evidence): string[] {
  return report.pieces.filter(({ kind }) => kind === 'revocation-list').map(({ id }) => id)
}
