import type { RulePack, Source } from '../rule.ts'
import { rsaRule } from './shared-rules.ts'

const codes: Source = {
  url: 'https://nodejs.org/docs/latest-v24.x/api/tls.html#x509-certificate-error-codes',
  readOn: '2026-11-24',
}
const levels: Source = {
  url: 'https://docs.openssl.org/3.5/man3/SSL_CTX_set_security_level/',
  readOn: '2026-11-24',
}

export const node: RulePack = {
  target: { id: 'node', name: 'Node.js', kind: 'client' },
  rules: [
    {
      id: 'incomplete-chain',
      when: [{ fact: 'authority', is: 'missing_intermediate' }],
      verdict: 'refuses',
      message: 'The intermediate is missing, and Node does not fetch it.',
      fix: 'Serve the intermediate with the certificate.',
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      source: codes,
    },
    {
      id: 'self-signed',
      when: [{ fact: 'authority', is: 'self_signed' }],
      verdict: 'refuses',
      message: 'The certificate is self-signed.',
      fix: 'Have an authority issue one, or name it in NODE_EXTRA_CA_CERTS.',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      source: codes,
    },
    {
      id: 'root-not-trusted',
      when: [
        { fact: 'authority', is: 'unknown_authority' },
        { fact: 'rootIncluded', is: true },
      ],
      verdict: 'refuses',
      message: 'The chain ends with a root that is not trusted.',
      fix: 'Have a public authority issue one, or name that root in NODE_EXTRA_CA_CERTS.',
      code: 'SELF_SIGNED_CERT_IN_CHAIN',
      source: codes,
    },
    {
      id: 'untrusted',
      when: [
        { fact: 'authority', is: 'unknown_authority' },
        { fact: 'rootIncluded', is: false },
        { fact: 'intermediates', above: 0 },
      ],
      verdict: 'refuses',
      message: 'The chain chains to no trusted authority.',
      fix: 'Have a public authority issue one, or name your own root in NODE_EXTRA_CA_CERTS.',
      code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      source: codes,
    },
    {
      id: 'issuer-unknown',
      when: [
        { fact: 'authority', is: 'unknown_authority' },
        { fact: 'rootIncluded', is: false },
        { fact: 'intermediates', is: 0 },
      ],
      verdict: 'refuses',
      message: 'The certificate comes alone, and its issuer is not trusted.',
      fix: 'Serve it with its intermediates; for your own authority name its root in NODE_EXTRA_CA_CERTS.',
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      source: codes,
    },
    {
      id: 'private-authority',
      when: [
        { fact: 'authority', is: 'ok' },
        { fact: 'publicAuthority', not: 'ok' },
      ],
      verdict: 'warns',
      message:
        'The authority is a private one, and Node looks at the roots it carries, not at those of the system.',
      fix: 'Name the root in NODE_EXTRA_CA_CERTS, or run Node with --use-system-ca.',
      code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      source: codes,
    },
    {
      id: 'expired',
      when: [{ fact: 'validity', is: 'expired' }],
      verdict: 'refuses',
      message: 'A certificate of the chain has expired.',
      fix: 'Renew it.',
      code: 'CERT_HAS_EXPIRED',
      source: codes,
    },
    {
      id: 'not-yet-valid',
      when: [{ fact: 'validity', is: 'not_yet_valid' }],
      verdict: 'refuses',
      message: 'A certificate of the chain is not valid yet.',
      fix: 'Wait, or set the clock right.',
      code: 'CERT_NOT_YET_VALID',
      source: codes,
    },
    rsaRule(2048, {
      says: ', below what OpenSSL takes at its usual security level',
      code: 'EE_KEY_TOO_SMALL',
      source: levels,
    }),
    {
      id: 'host-not-covered',
      when: [{ fact: 'host', is: 'not-covered' }],
      verdict: 'refuses',
      message: 'No name of the certificate matches the host.',
      fix: 'Give one whose names include the host.',
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      source: { url: 'https://nodejs.org/docs/latest-v24.x/api/errors.html', readOn: '2026-11-24' },
    },
  ],
}
