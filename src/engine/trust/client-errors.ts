import { nameNotFound } from '../../domain/green-browsers.ts'

const untrusted = 'It does not trust '

const clientErrors: [said: string[], means: string][] = [
  [
    [
      'ERR_CERT_AUTHORITY_INVALID',
      'SEC_ERROR_UNKNOWN_ISSUER',
      'MOZILLA_PKIX_ERROR',
      'unable to get local issuer',
      'unable to get issuer certificate',
      'self-signed certificate in certificate chain',
      'self signed certificate in certificate chain',
      'UNABLE_TO_GET_ISSUER_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'unable to find valid certification path',
      'PKIX path building failed',
      "isn't trusted",
      'is not trusted',
      'server certificate verification failed',
      "doesn't have a known issuer",
      'SSL certificate problem',
      'signed by unknown authority',
      'UnknownIssuer',
    ],
    untrusted,
  ],
  [['NAME_CONSTRAINT', 'permitted subtree'], 'The name violates the authority’s name constraints.'],
  [
    ['ERR_CERT_DATE', 'expired', 'not yet valid'],
    'The certificate is expired or not yet valid. Check the clock.',
  ],
  [
    [
      'ERR_NAME_NOT_RESOLVED',
      'dnsNotFound',
      'Could not resolve',
      'unable to resolve',
      'ENOTFOUND',
      'EAI_AGAIN',
      'Name or service not known',
      'name resolution',
      'UnknownHostException',
      'no such host',
      'nodename nor servname',
    ],
    nameNotFound,
  ],
  [
    [
      'ERR_CERT_COMMON_NAME_INVALID',
      'SSL_ERROR_BAD_CERT_DOMAIN',
      'no alternative certificate subject name',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'ostname mismatch',
    ],
    'The certificate is not for this name.',
  ],
  [['insecure certificate'], 'It does not accept the certificate.'],
  [['ENOENT', 'not found', 'No such file'], 'It could not be started.'],
  [
    ['did not start', 'cannot open display', 'error while loading shared libraries'],
    'It could not be started.',
  ],
  [['timed out', 'ETIMEDOUT', 'Timeout'], 'It gave no answer in time.'],
  [['ECONNREFUSED', 'Connection refused', 'ERR_CONNECTION_REFUSED'], 'It did not reach the edge.'],
]

/** `issuer`: of the certificate that the client was shown. */
export function clientErrorMessage(output: string, issuer: string): string {
  const [, message] = clientErrors.find(([patterns]) => patterns.some((each) => output.includes(each))) ?? []
  if (message === untrusted) return `${untrusted}${issuer}.`
  return message ?? 'It did not finish a handshake with the edge.'
}
