import type { RulePack, Source } from '../rule.ts'
import { keyRules, orderRule, pemRule } from './shared-rules.ts'

const api: Source = {
  url: 'https://www.alibabacloud.com/help/en/cdn/developer-reference/api-cdn-2018-05-10-setcdndomainsslcertificate',
  readOn: '2026-11-24',
}
/** Alibaba Cloud's own documentation, 证书格式说明. */
const formats: Source = {
  url: 'https://github.com/AlibabaCloudDocs/cdn/blob/master/cn.zh-CN/%E5%9F%9F%E5%90%8D%E7%AE%A1%E7%90%86/HTTPS%E9%85%8D%E7%BD%AE/%E8%AF%81%E4%B9%A6%E6%A0%BC%E5%BC%8F%E8%AF%B4%E6%98%8E.md',
  readOn: '2026-11-24',
}

export const alibabaCloudCdn: RulePack = {
  target: { id: 'alibaba-cloud-cdn', name: 'Alibaba Cloud CDN', kind: 'cdn' },
  rules: [
    ...keyRules(api, {
      missing: 'SSLPri.MissingParameter: The SSLPri parameter is required.',
      other: 'Certificate.MissMatch: The SSLPri does not match the certificate.',
      locked: 'InvalidSSLPri: The specified SSLPri is invalid.',
    }),
    pemRule(formats, 'Certificate.FormatError: The format of the certificate is invalid.'),
    orderRule(formats, 'refuses', 'Certificate.MissMatch: The SSLPri does not match the certificate.'),
    {
      id: 'rsa-key-form',
      when: [
        { fact: 'keyType', is: 'RSA' },
        { fact: 'keyForm', is: 'PKCS#8' },
      ],
      verdict: 'warns',
      message: 'An RSA key is wanted with the label RSA PRIVATE KEY, and this one has PRIVATE KEY.',
      fix: 'Convert it: openssl rsa -in shop.key -traditional -out shop.rsa.key',
      code: 'Key.Malformed: The specified Key format is invalid.',
      source: formats,
    },
    {
      id: 'expired',
      when: [{ fact: 'daysLeft', below: 0 }],
      verdict: 'refuses',
      message: 'The certificate has expired.',
      fix: 'Renew it and give the new one.',
      code: 'Certificate.Expired: The certificate has expired.',
      source: api,
    },
    {
      id: 'incomplete-chain',
      when: [{ fact: 'authority', is: 'missing_intermediate' }],
      verdict: 'warns',
      message: 'The intermediate is missing, which has to be uploaded together with the certificate.',
      fix: 'Put the intermediate after the certificate, without a blank line between them.',
      source: formats,
    },
    {
      id: 'host-not-covered',
      when: [{ fact: 'host', is: 'not-covered' }],
      verdict: 'refuses',
      message: 'The certificate does not cover the accelerated domain.',
      fix: 'Give one whose names include the domain.',
      code: 'Certificate.MissMatch: The certificate does not match the domain.',
      source: {
        url: 'https://www.alibabacloud.com/help/en/cdn/developer-reference/api-cdn-2018-05-10-setcdndomaincsrcertificate',
        readOn: '2026-11-24',
      },
    },
  ],
}
