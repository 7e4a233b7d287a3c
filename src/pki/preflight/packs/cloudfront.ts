import type { RulePack, Source } from '../rule.ts'
import { keyRules, pemRule } from './shared-rules.ts'

const acm: Source = {
  url: 'https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html',
  readOn: '2026-11-24',
}
const cloudFront: Source = {
  url: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html',
  readOn: '2026-11-24',
}

const chainRefused =
  "InvalidViewerCertificate: The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain."
/** CloudFront's response to a missing intermediate, reported by a user. */
const reported: Source = {
  url: 'https://github.com/theopensystemslab/planx-new/pull/1520',
  readOn: '2026-11-26',
}

export const cloudfront: RulePack = {
  target: { id: 'cloudfront', name: 'Amazon CloudFront (ACM)', kind: 'cdn' },
  rules: [
    ...keyRules(acm, {}),
    pemRule(acm),
    {
      id: 'key-type',
      when: [{ fact: 'keySpec', noneOf: ['RSA 1024', 'RSA 2048', 'RSA 3072', 'RSA 4096', 'EC P-256'] }],
      verdict: 'refuses',
      message:
        'CloudFront takes RSA keys of 1024, 2048, 3072 and 4096 bits and EC P-256; this one is {keySpec}.',
      fix: 'Make a new key, RSA 2048 or EC P-256, and have a certificate issued for it.',
      source: acm,
    },
    {
      id: 'expired',
      when: [{ fact: 'daysLeft', below: 0 }],
      verdict: 'refuses',
      message: 'A certificate cannot be imported after it has expired.',
      fix: 'Renew it and give the new one.',
      source: acm,
    },
    {
      id: 'not-yet-valid',
      when: [{ fact: 'validity', is: 'not_yet_valid' }],
      verdict: 'refuses',
      message: 'A certificate cannot be imported before it is valid.',
      fix: 'Wait until its first day.',
      source: acm,
    },
    {
      id: 'version',
      when: [{ fact: 'version', not: 3 }],
      verdict: 'refuses',
      message: 'The certificate has to be of X.509 version 3; this one is of version {version}.',
      fix: 'Issue it again as version 3.',
      source: acm,
    },
    {
      id: 'no-host',
      when: [
        { fact: 'hosts', is: 0 },
        { fact: 'hasCommonName', is: false },
      ],
      verdict: 'refuses',
      message: 'The certificate has to name the site, by host name or IP address.',
      fix: 'Issue it again with the host as subject alternative name.',
      source: acm,
    },
    {
      id: 'not-public',
      when: [{ fact: 'publicAuthority', noneOf: ['ok', 'missing_intermediate'] }],
      verdict: 'refuses',
      message: 'CloudFront trusts the authorities on Mozilla’s list, and this one is not from them.',
      fix: 'Have one issued by a public authority, or by AWS Certificate Manager itself.',
      code: chainRefused,
      source: cloudFront,
    },
    {
      id: 'incomplete-chain',
      when: [{ fact: 'publicAuthority', is: 'missing_intermediate' }],
      verdict: 'warns',
      message: 'The intermediates have to be in the certificate chain, and one is missing.',
      fix: 'Add the intermediate to the chain.',
      code: chainRefused,
      source: reported,
    },
    {
      id: 'host-not-covered',
      when: [{ fact: 'host', is: 'not-covered' }],
      verdict: 'refuses',
      message: 'The certificate does not cover the alternate domain name.',
      fix: 'Give one whose names include the host.',
      code: "The certificate that is attached to your distribution doesn't cover the alternate domain name (CNAME) that you're trying to add.",
      source: { url: 'https://github.com/widdix/aws-cf-templates/issues/443', readOn: '2026-11-24' },
    },
  ],
}
