import { type Flags, type OptionsOf, answer } from '../../frame/declare.ts'
import type { Verification } from '../../../contract/inspect/certificate-facts.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { isObjectIdentifier } from '../../../contract/text/object-identifier.ts'
import type { withGivenOcsp } from '../../../pki/inspect/ocsp-beside.ts'
import type { PolicyInputs } from '../../../pki/verify/policies.ts'
import type { Intake } from '../../../pki/intake/intake.ts'
import { visibleText } from '../../../contract/text/visible-text.ts'
import { readFile, type NamedBytes } from '../../input/files.ts'
import { questionOf, requireAllRead } from './given-files.ts'
import { type Result, usageError } from '../../frame/command.ts'
import { formatAnswers } from '../../output/format.ts'
import { hostFlag, rootsFlag, atFlag, collect } from '../../flags/judging.ts'

const verifyFlags = {
  '--leaf <file>': {
    about: 'the certificate to verify; further ones in its file serve as intermediates',
    isRequired: true,
  },
  '--chain <file>': { about: 'intermediates, in any order; can be repeated', parse: collect },
  ...rootsFlag,
  ...hostFlag,
  '--email <address>': { about: 'e-mail address that it must be valid for; can be repeated', parse: collect },
  ...atFlag,
  '--purpose <purpose>': {
    about: 'what it must be meant for; any: also the certificate of an authority',
    choices: ['server', 'client', 'any'],
    default: 'server',
  },
  '--max-depth <number>': 'maximum number of intermediates in a path',
  '--crl <file>': { about: 'CRL; can be repeated', parse: collect },
  '--ocsp <file>': { about: 'OCSP response that has to clear it; can be repeated', parse: collect },
  '--policy <oid>': { about: 'acceptable certificate policy, default any; can be repeated', parse: collect },
  '--require-explicit-policy': 'require an acceptable policy for the whole path',
  '--inhibit-policy-mapping': 'do not allow policy mapping',
  '--inhibit-any-policy': 'ignore anyPolicy in certificates',
  '--profile <profile>': {
    about: 'web: also apply the CA/Browser Forum rules for issuers',
    choices: ['rfc5280', 'web'],
    default: 'rfc5280',
  },
  '--client <program>': {
    about: 'roots as this program has them, for a certificate of that day',
    choices: ['chrome', 'firefox', 'apple', 'android', 'microsoft', 'java', 'node', 'debian'],
  },
} as const satisfies Flags
type VerifyOptions = OptionsOf<typeof verifyFlags>

export const verifyCommand = answer('verify', {
  summary: 'verify a certificate and say why it fails, offline',
  about:
    'Verify a certificate: validity, authority, signature and name, with the reason for each failure. Offline.',
  flags: verifyFlags,
  examples: [
    'verify --leaf fullchain.pem --host shop.test',
    'verify --leaf fullchain.pem --client chrome',
    'verify --leaf leaf.pem --chain intermediate.pem --roots root.pem --at 2027-01-01',
  ],
  run: (_global, options: VerifyOptions) => verify(options),
})

async function verify(options: VerifyOptions): Promise<Result> {
  const [{ verifyCertificate }, { certificateOf }, { refusingPrograms, verifyForProgram }] =
    await Promise.all([
      import('../../../pki/verify/verify.ts'),
      import('../../../pki/x509/certificate.ts'),
      import('../../../pki/roots/program-verdict.ts'),
    ])
  const [leaf, ...besides] = await certificatesIn([options.leaf])
  if (!leaf) throw new EdgekeepError('certificate.missing', {})
  const request = {
    ...(await questionOf(options)),
    leaf,
    intermediates: [...besides, ...(await certificatesIn(options.chain ?? []))],
    emails: options.email,
    purpose: options.purpose,
    maxDepth: depthOf(options.maxDepth),
    crls: await revocationListsIn(options.crl ?? []),
    policies: policiesOf(options),
    webProfile: options.profile === 'web',
  }
  const verify = (by: object = {}) => verifyCertificate({ ...request, ...by })
  const usual = await withResponses(verify(), options.ocsp ?? [], request)
  const asked = { ...request, verify }
  const verification = options.client ? verifyForProgram(options.client, asked, usual).verification : usual
  const refusals = options.client ? [] : refusingPrograms(asked, usual)
  const hints = hintsFor(verification, {
    options,
    isAuthority: certificateOf(leaf).decoded.basicConstraints?.isCa === true,
    asClient: () => verifyCertificate({ ...request, purpose: 'client' }),
  })
  return {
    data: { ...verification },
    text: [formatVerification(verification), ...refusals, ...hints].join('\n'),
    no: whyNot(verification),
  }
}

function hintsFor(
  { ok, answers: { authority, signature }, candidates }: Verification,
  {
    options: { purpose, roots },
    isAuthority,
    asClient,
  }: { options: VerifyOptions; isAuthority: boolean; asClient: () => Verification },
): string[] {
  if (ok) return []
  const hints: string[] = []
  if (signature.code === 'issuer_missing')
    hints.push('Give its issuer: an intermediate with --chain FILE, a root that you trust with --roots FILE.')
  else if (['self_signed', 'unknown_authority'].includes(authority.code) && !roots)
    hints.push('If you trust its root, give that with --roots FILE.')
  if (hasWrongPurpose(candidates) && purpose !== 'any') {
    if (isAuthority) hints.push('It is the certificate of an authority: --purpose any verifies it as one.')
    else if (purpose === 'server' && !hasWrongPurpose(asClient().candidates))
      hints.push('It is a certificate for TLS clients: --purpose client verifies it as one.')
    else hints.push('To verify it whatever it is meant for: --purpose any.')
  }
  return hints
}

function hasWrongPurpose(candidates: Verification['candidates']): boolean {
  return candidates.some(({ broken }) => broken?.code === 'wrong_purpose')
}

/** Error for a negative result, which is also in `data.ok`. */
function whyNot({ ok, answers, candidates }: Verification): EdgekeepError | undefined {
  if (ok) return undefined
  const { validity, authority, signature, name } = answers
  const failed = [validity, signature, name, authority].find((answer) => answer && !answer.ok)
  const reason = failed?.reason ?? candidates[0]?.broken?.message ?? 'The certificate is not valid.'
  return new EdgekeepError('verification.failed', { reason })
}

function formatVerification({ ok, answers, path, candidates }: Verification): string {
  const lines = [ok ? 'The certificate is valid.' : 'The certificate is not valid.', formatAnswers(answers)]
  if (path.length > 0) lines.push(`Path: ${titlesOf(path)}`)
  for (const { certificates, broken } of candidates) {
    if (!broken) continue
    lines.push(`Tried: ${titlesOf(certificates)}`, `  ${visibleText(broken.message)} (${broken.reference})`)
  }
  return lines.join('\n')
}

function titlesOf(certificates: Verification['path']): string {
  return certificates.map(({ title }) => visibleText(title)).join(' ← ')
}

async function certificatesIn(paths: string[]): Promise<Uint8Array[]> {
  if (paths.length === 0) return []
  return withPieces(paths.map(readFile), (intake) => [...intake.certificates().values()])
}

async function revocationListsIn(paths: string[]): Promise<Uint8Array[]> {
  if (paths.length === 0) return []
  const lists = await withPieces(paths.map(readFile), (intake) => [...intake.revocationLists().values()])
  // No CRL would mean "nothing is revoked", which is unfounded.
  if (lists.length === 0)
    throw new EdgekeepError('input.invalid', { reason: 'There is no revocation list among the --crl files.' })
  return lists
}

/** The verdict after the --ocsp files, which have to clear the leaf. */
async function withResponses(
  verification: Verification,
  paths: string[],
  {
    leaf,
    intermediates,
    anchors,
    at,
  }: Omit<Parameters<typeof withGivenOcsp>[1], 'path' | 'others' | 'responses'> & {
    leaf: Uint8Array
    intermediates: Uint8Array[]
  },
): Promise<Verification> {
  if (paths.length === 0) return verification
  const { readOcspBeside, withGivenOcsp } = await import('../../../pki/inspect/ocsp-beside.ts')
  const given = await withPieces(paths.map(readFile), (intake) => intake.ocspResponses())
  if (given.length === 0)
    throw new EdgekeepError('input.invalid', { reason: 'There is no OCSP response among the --ocsp files.' })
  const path = [leaf, ...intermediates]
  return withGivenOcsp(verification, { path, others: path, responses: readOcspBeside(given), anchors, at })
}

/** @throws the first reading error: a verdict on half the input would be wrong */
async function withPieces<T>(files: NamedBytes[], use: (intake: Intake) => T): Promise<T> {
  const [{ openIntake }, { expandFiles }] = await Promise.all([
    import('../../../pki/intake/intake.ts'),
    import('../../../pki/expansion/expand-files.ts'),
  ])
  using intake = openIntake(await expandFiles(files))
  requireAllRead(intake)
  return use(intake)
}

/** @throws EdgekeepError `usage.wrong` */
function policiesOf(options: VerifyOptions): PolicyInputs {
  const odd = options.policy?.find((oid) => !isObjectIdentifier(oid))
  if (odd !== undefined)
    throw usageError(`--policy "${odd}" is not an object identifier; an example: 2.23.140.1.2.1`)
  return {
    ...(options.policy ? { acceptable: options.policy } : {}),
    requireExplicit: options.requireExplicitPolicy ?? false,
    inhibitMapping: options.inhibitPolicyMapping ?? false,
    inhibitAny: options.inhibitAnyPolicy ?? false,
  }
}

function depthOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,3}$/.test(text)) return Number(text)
  throw usageError(`--max-depth "${text}" is not a number of intermediates.`)
}
