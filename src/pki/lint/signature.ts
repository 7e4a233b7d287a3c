import { formatScheme, signatureScheme } from '../x509/algorithms.ts'
import { askForAnother, br, issued, type LintRule, rfc } from './rule.ts'

const publicHashes = new Set(['sha256', 'sha384', 'sha512'])

/** Signature algorithm. Roots are exempt: nobody relies on a root's own signature. */
export const signatureRules: LintRule[] = [
  {
    id: 'signature.forgeable',
    severity: 'error',
    reference: rfc(9155, '1'),
    roles: issued,
    advice: 'Have it issued again with SHA-256; every current client refuses it.',
    check: ({ parsed, facts }) => {
      const hash = signatureScheme(parsed.signatureAlgorithm)?.hash
      const isWeak = hash === 'md5' || hash === 'sha1' || /MD2|MD4|SHA-1$/.test(facts.signatureAlgorithm)
      return isWeak ? `It is signed by ${facts.signatureAlgorithm}, which can be forged.` : undefined
    },
  },
  {
    id: 'signature.unknown',
    severity: 'error',
    reference: br('7.1.3.2'),
    binds: 'public',
    roles: issued,
    advice: askForAnother,
    check: ({ parsed, facts }) => {
      const scheme = signatureScheme(parsed.signatureAlgorithm)
      if (scheme?.hash === 'md5' || scheme?.hash === 'sha1') return undefined
      const fits = scheme && scheme.kind !== 'eddsa' && publicHashes.has(scheme.hash ?? '')
      return fits
        ? undefined
        : `It is signed by ${scheme ? formatScheme(parsed.signatureAlgorithm) : facts.signatureAlgorithm}, which no public authority may use.`
    },
  },
]
