import { pack, read, rsaBelow, rule } from './shared-rules.ts'

const seenIn = 'HAProxy 3.0.11 with OpenSSL 3.5'
const source = read('https://docs.haproxy.org/3.0/configuration.html#5.1-crt', '2026-11-24', seenIn)
const levels = read('https://docs.openssl.org/3.5/man3/SSL_CTX_set_security_level/', '2026-11-24', seenIn)
const noKey = "No Private Key found in '….key'."
const mismatch = "inconsistencies between private key and certificate loaded '…'."

export const haproxy = pack({ id: 'haproxy', name: 'HAProxy', kind: 'server' }, source, [
  rule('key-missing', { code: noKey }),
  rule('key-mismatch', { code: mismatch }),
  rule('key-locked', { code: noKey }),
  rule('not-pem', { code: "unable to load certificate from file '…': no start line." }),
  rule('leaf-not-first', { code: mismatch }),
  rsaBelow(2048, ', below what OpenSSL serves at its usual security level', {
    code: "unable to load SSL certificate into SSL Context '…': ee key too small.",
    source: levels,
  }),
  rule('leads-to-no-root', {}),
  rule('incomplete-chain', {
    verdict: 'refuses',
    message: 'The intermediate is missing from the file; HAProxy sends what is in it.',
    fix: 'Append the intermediate to the file, or keep it in issuers-chain-path.',
  }),
])
