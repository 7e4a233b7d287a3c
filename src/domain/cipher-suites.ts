import type { CipherProfile } from '../contract/domains/tls-policy.ts'

const tls13 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256']

const forwardSecret = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
]

/** Weaker suites for clients from before about 2014. */
const elder = [
  'ECDHE-ECDSA-AES128-SHA256',
  'ECDHE-RSA-AES128-SHA256',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA384',
  'ECDHE-RSA-AES256-SHA384',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA256',
  'AES256-SHA256',
  'AES128-SHA',
  'AES256-SHA',
]

/**
 * Profiles of Mozilla's guidelines for server-side TLS: `modern` and `intermediate` are those of version 6.0
 * (https://ssl-config.mozilla.org/guidelines/6.0.json), with the client's order, since all suites are good.
 * Version 6.0 dropped "old": `compatible` is that of version 5.8 from TLS 1.2 on, in the server's order,
 * without finite-field groups (no parameters are served) and without 3DES, which OpenSSL has removed.
 */
export const cipherSuites: Record<CipherProfile, string[]> = {
  modern: tls13,
  intermediate: [...tls13, ...forwardSecret],
  compatible: [...tls13, ...forwardSecret, ...elder],
}
