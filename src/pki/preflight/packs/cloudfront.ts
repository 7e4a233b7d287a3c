import { pack, read, refuses, rule } from './shared-rules.ts'

const acm = read(
  'https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html',
  '2026-11-24',
)
const cloudFront = read(
  'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html',
  '2026-11-24',
)
/** CloudFront's response to a missing intermediate, reported by a user. */
const reported = read('https://github.com/theopensystemslab/planx-new/pull/1520', '2026-11-26')
const chainRefused =
  "InvalidViewerCertificate: The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain."

export const cloudfront = pack({ id: 'cloudfront', name: 'Amazon CloudFront (ACM)', kind: 'cdn' }, acm, [
  rule('key-missing', {}),
  rule('key-mismatch', {}),
  rule('key-locked', {}),
  rule('not-pem', {}),
  rule('key-type', {
    when: { keySpec: { noneOf: ['RSA 1024', 'RSA 2048', 'RSA 3072', 'RSA 4096', 'EC P-256'] } },
    message:
      'CloudFront takes RSA keys of 1024, 2048, 3072 and 4096 bits and EC P-256; this one is {keySpec}.',
  }),
  rule('ended', { id: 'expired', message: 'A certificate cannot be imported after it has expired.' }),
  rule('not-yet-valid', {
    message: 'A certificate cannot be imported before it is valid.',
    fix: 'Wait until its first day.',
  }),
  refuses(
    'version',
    { version: { not: 3 } },
    {
      message: 'The certificate has to be of X.509 version 3; this one is of version {version}.',
      fix: 'Issue it again as version 3.',
    },
  ),
  rule('no-san', {
    id: 'no-host',
    when: { hasCommonName: false },
    message: 'The certificate has to name the site, by host name or IP address.',
  }),
  rule('not-public', {
    message: 'CloudFront trusts the authorities on Mozilla’s list, and this one is not from them.',
    fix: 'Have one issued by a public authority, or by AWS Certificate Manager itself.',
    code: chainRefused,
    source: cloudFront,
  }),
  {
    id: 'incomplete-chain',
    when: { publicAuthority: 'missing_intermediate' },
    verdict: 'warns',
    message: 'The intermediates have to be in the certificate chain, and one is missing.',
    fix: 'Add the intermediate to the chain.',
    code: chainRefused,
    source: reported,
  },
  rule('host-not-covered', {
    message: 'The certificate does not cover the alternate domain name.',
    code: "The certificate that is attached to your distribution doesn't cover the alternate domain name (CNAME) that you're trying to add.",
    source: read('https://github.com/widdix/aws-cf-templates/issues/443', '2026-11-24'),
  }),
])
