import type { RulePack, Source } from '../rule.ts'
import { keyRules, orderRule, pemRule, rsaRule } from './shared-rules.ts'

const seenIn = 'nginx 1.26.3 with OpenSSL 3.5'
const chains: Source = {
  url: 'https://nginx.org/en/docs/http/configuring_https_servers.html',
  readOn: '2026-11-24',
  seenIn,
}
const directives: Source = {
  url: 'https://nginx.org/en/docs/http/ngx_http_ssl_module.html',
  readOn: '2026-11-24',
  seenIn,
}
const levels: Source = {
  url: 'https://docs.openssl.org/3.5/man3/SSL_CTX_set_security_level/',
  readOn: '2026-11-24',
  seenIn,
}

const mismatch = 'SSL_CTX_use_PrivateKey(…) failed (x509 certificate routines::key values mismatch)'

export const nginx: RulePack = {
  target: { id: 'nginx', name: 'nginx and Tengine', kind: 'server' },
  rules: [
    ...keyRules(directives, {}).filter(({ id }) => id === 'key-missing'),
    {
      id: 'key-mismatch',
      when: [{ fact: 'key', is: 'other' }],
      verdict: 'refuses',
      message: 'The private key does not belong to the certificate, and nginx does not start with it.',
      fix: "Find the key that was made with this certificate's request.",
      code: mismatch,
      source: chains,
    },
    {
      id: 'key-of-another-type',
      when: [{ fact: 'key', is: 'other-type' }],
      verdict: 'refuses',
      message:
        'The private key is of another type than the certificate: nginx starts with it, and then every handshake fails.',
      fix: "Find the key that was made with this certificate's request.",
      code: 'TLS alert 40, handshake failure',
      // OpenSSL stores certificates and keys by type, and compares only those of one type.
      source: {
        url: 'https://github.com/openssl/openssl/blob/master/ssl/ssl_rsa.c',
        readOn: '2026-11-26',
        seenIn,
      },
    },
    {
      id: 'key-locked',
      when: [{ fact: 'key', is: 'locked' }],
      verdict: 'refuses',
      message:
        'The private key has a passphrase, which nginx asks for at its start and does not get from a service manager.',
      fix: 'Give the key without its passphrase, or name a file with ssl_password_file.',
      code: 'cannot load certificate key …: PEM_read_bio_PrivateKey() failed (PEM routines::problems getting password)',
      source: directives,
    },
    pemRule(
      directives,
      'cannot load certificate …: PEM_read_bio_X509_AUX() failed (PEM routines::no start line)',
    ),
    orderRule(chains, 'refuses', mismatch),
    rsaRule(2048, {
      says: ', below what OpenSSL serves at its usual security level',
      code: 'SSL_CTX_use_certificate(…) failed (SSL routines::ee key too small)',
      source: levels,
    }),
    {
      id: 'incomplete-chain',
      when: [{ fact: 'authority', is: 'missing_intermediate' }],
      verdict: 'warns',
      message: 'The intermediate is missing; nginx sends what is in the file, and clients then miss it.',
      fix: 'Append the intermediate to the file of ssl_certificate, after the certificate.',
      source: chains,
    },
  ],
}
