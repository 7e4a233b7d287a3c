import { pack, read, refuses, rsaBelow, rule } from './shared-rules.ts'

const seenIn = 'nginx 1.26.3 with OpenSSL 3.5'
const chains = read('https://nginx.org/en/docs/http/configuring_https_servers.html', '2026-11-24', seenIn)
const directives = read('https://nginx.org/en/docs/http/ngx_http_ssl_module.html', '2026-11-24', seenIn)
const levels = read('https://docs.openssl.org/3.5/man3/SSL_CTX_set_security_level/', '2026-11-24', seenIn)

const mismatch = 'SSL_CTX_use_PrivateKey(…) failed (x509 certificate routines::key values mismatch)'

export const nginx = pack({ id: 'nginx', name: 'nginx and Tengine', kind: 'server' }, chains, [
  rule('key-missing', { source: directives }),
  rule('key-mismatch', {
    when: { key: 'other' },
    message: 'The private key does not belong to the certificate, and nginx does not start with it.',
    code: mismatch,
  }),
  refuses(
    'key-of-another-type',
    { key: 'other-type' },
    {
      message:
        'The private key is of another type than the certificate: nginx starts with it, and then every handshake fails.',
      fix: "Find the key that was made with this certificate's request.",
      code: 'TLS alert 40, handshake failure',
      // OpenSSL stores certificates and keys by type, and compares only those of one type.
      source: read('https://github.com/openssl/openssl/blob/master/ssl/ssl_rsa.c', '2026-11-26', seenIn),
    },
  ),
  rule('key-locked', {
    message:
      'The private key has a passphrase, which nginx asks for at its start and does not get from a service manager.',
    fix: 'Give the key without its passphrase, or name a file with ssl_password_file.',
    code: 'cannot load certificate key …: PEM_read_bio_PrivateKey() failed (PEM routines::problems getting password)',
    source: directives,
  }),
  rule('not-pem', {
    code: 'cannot load certificate …: PEM_read_bio_X509_AUX() failed (PEM routines::no start line)',
    source: directives,
  }),
  rule('leaf-not-first', { code: mismatch }),
  rsaBelow(2048, ', below what OpenSSL serves at its usual security level', {
    code: 'SSL_CTX_use_certificate(…) failed (SSL routines::ee key too small)',
    source: levels,
  }),
  rule('leads-to-no-root', {}),
  rule('incomplete-chain', {
    verdict: 'refuses',
    message: 'The intermediate is missing; nginx sends what is in the file, and clients then miss it.',
    fix: 'Append the intermediate to the file of ssl_certificate, after the certificate.',
  }),
])
