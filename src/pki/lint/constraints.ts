import { extensionOids } from '../x509/extensions.ts'
import { br, intermediate, leaf, type LintRule, rfc5280 } from './rule.ts'

export const constraintRules: LintRule[] = [
  {
    id: 'constraints.authority_not_critical',
    severity: 'error',
    reference: rfc5280('4.2.1.9'),
    roles: intermediate,
    advice: 'Issue it again with critical basic constraints.',
    check: ({ extension }) =>
      extension(extensionOids.basicConstraints)?.critical === false
        ? 'Its basic constraints are not critical.'
        : undefined,
  },
  {
    id: 'constraints.leaf_path_length',
    severity: 'error',
    reference: rfc5280('4.2.1.9'),
    roles: leaf,
    advice: 'Issue it again without a path length; it is not an authority.',
    check: ({ parsed: { decoded } }) =>
      decoded.basicConstraints?.pathLength === undefined || decoded.basicConstraints.isCa
        ? undefined
        : 'It limits the authorities beneath it without being one.',
  },
  {
    id: 'constraints.authority_as_leaf',
    severity: 'warning',
    reference: br('7.1.2.7.8'),
    roles: leaf,
    advice:
      'Issue it again as what it is, not as an authority (with OpenSSL: -addext basicConstraints=critical,CA:FALSE).',
    check: ({ parsed }) =>
      parsed.decoded.basicConstraints?.isCa
        ? 'It names hosts and is an authority at once: whoever trusts it trusts all that its key signs.'
        : undefined,
  },
  {
    id: 'constraints.names_on_leaf',
    severity: 'error',
    reference: rfc5280('4.2.1.10'),
    roles: leaf,
    advice: 'Issue it again without name constraints; they are for authorities.',
    check: ({ parsed }) =>
      parsed.decoded.nameConstraints ? 'It has name constraints without being an authority.' : undefined,
  },
]
