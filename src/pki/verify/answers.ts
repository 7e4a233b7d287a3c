import type { Answer, FourAnswers } from '../../contract/inspect/certificate-facts.ts'
import { breachAnswers, type Breach, type BreachCode } from './breach.ts'
import type { Certificate } from '../x509/certificate.ts'
import type { CandidatePath } from './path-steps.ts'
import { isSignedBy } from '../x509/signatures.ts'
import { relative, shortDate } from '../facts/format-time.ts'

/** The three answers of a path; the caller adds `name`. */
export function answersOf(path: CandidatePath, at: number): Omit<FourAnswers, 'name'> {
  return {
    validity: validityAnswer(path, at),
    authority: authorityAnswer(path),
    signature: signatureAnswer(path),
  }
}

const yes = (reason: string): Answer => ({ ok: true, code: 'ok', reason })
const no = ({ code, message }: Pick<Breach, 'code' | 'message'>): Answer => ({
  ok: false,
  code,
  reason: message,
})

function breachesOf(path: CandidatePath, answer: keyof FourAnswers): Breach[] {
  return path.breaches.filter((breach) => breachAnswers[breach.code] === answer)
}

function validityAnswer(path: CandidatePath, at: number): Answer {
  const [leaf] = path.certificates as [Certificate]
  const nearest = breachesOf(path, 'validity').sort((a, b) => a.index - b.index)[0]
  return nearest
    ? no(nearest)
    : yes(`It is valid until ${shortDate(leaf.notAfter)} (${relative(leaf.notAfter, at)}).`)
}

const deadEnds: BreachCode[] = ['self_signed', 'missing_intermediate', 'unknown_authority']

function isDeadEnd(breach: Breach): boolean {
  return deadEnds.includes(breach.code)
}

function authorityAnswer(path: CandidatePath): Answer {
  const breaches = breachesOf(path, 'authority')
  const top = path.certificates.at(-1) as Certificate
  const trust = path.trustedBy?.name ?? ''
  const deadEnd = breaches.find(isDeadEnd)
  if (deadEnd) return no(deadEnd)
  if (path.breaches.some((breach) => breach.code === 'bad_signature')) {
    const message = `It claims to chain to “${top.title}” (${trust}), but a signature on that path is not valid.`
    return no({ code: 'bad_signature', message })
  }
  if (breaches[0]) return no(breaches[0])
  if (path.certificates.length === 1) return yes(`It is itself among ${trust}.`)
  return yes(`It chains to “${top.title}” (${trust}).`)
}

function signatureAnswer(path: CandidatePath): Answer {
  const [wrong] = breachesOf(path, 'signature')
  if (wrong) return no(wrong)
  const top = path.certificates.at(-1) as Certificate
  const alone = path.certificates.length === 1
  if (alone && isSignedBy(top, top)) return yes('It is signed by its own key, and that signature is valid.')
  if (alone && path.trustedBy) return yes('It is trusted by itself; its signature does not matter.')
  if (path.trustedBy || isSignedBy(top, top)) return yes(`Every signature up to “${top.title}” is valid.`)
  const subject = alone ? 'Its signature' : `The signature on “${top.title}”`
  return {
    ok: false,
    code: 'issuer_missing',
    reason: `${subject} cannot be checked: its issuer's certificate is missing.`,
  }
}
