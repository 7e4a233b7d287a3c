import { pack, read, rule, warns } from './shared-rules.ts'

const api = read(
  'https://www.alibabacloud.com/help/en/cdn/developer-reference/api-cdn-2018-05-10-setcdndomainsslcertificate',
  '2026-11-24',
)
/** Alibaba Cloud's own documentation, 证书格式说明. */
const formats = read(
  'https://github.com/AlibabaCloudDocs/cdn/blob/master/cn.zh-CN/%E5%9F%9F%E5%90%8D%E7%AE%A1%E7%90%86/HTTPS%E9%85%8D%E7%BD%AE/%E8%AF%81%E4%B9%A6%E6%A0%BC%E5%BC%8F%E8%AF%B4%E6%98%8E.md',
  '2026-11-24',
)
const requests = read(
  'https://www.alibabacloud.com/help/en/cdn/developer-reference/api-cdn-2018-05-10-setcdndomaincsrcertificate',
  '2026-11-24',
)
const mismatch = 'Certificate.MissMatch: The SSLPri does not match the certificate.'

export const alibabaCloudCdn = pack(
  { id: 'alibaba-cloud-cdn', name: 'Alibaba Cloud CDN', kind: 'cdn' },
  formats,
  [
    rule('key-missing', { code: 'SSLPri.MissingParameter: The SSLPri parameter is required.', source: api }),
    rule('key-mismatch', { code: mismatch, source: api }),
    rule('key-locked', { code: 'InvalidSSLPri: The specified SSLPri is invalid.', source: api }),
    rule('not-pem', { code: 'Certificate.FormatError: The format of the certificate is invalid.' }),
    rule('leaf-not-first', { code: mismatch }),
    warns(
      'rsa-key-form',
      { keyType: 'RSA', keyForm: 'PKCS#8' },
      {
        message: 'An RSA key is wanted with the label RSA PRIVATE KEY, and this one has PRIVATE KEY.',
        fix: 'Convert it: openssl rsa -in shop.key -traditional -out shop.rsa.key',
        code: 'Key.Malformed: The specified Key format is invalid.',
      },
    ),
    rule('ended', {
      id: 'expired',
      message: 'The certificate has expired.',
      code: 'Certificate.Expired: The certificate has expired.',
      source: api,
    }),
    rule('leads-to-no-root', {}),
    rule('incomplete-chain', {
      verdict: 'refuses',
      message: 'The intermediate is missing, which has to be uploaded together with the certificate.',
      fix: 'Put the intermediate after the certificate, without a blank line between them.',
    }),
    rule('host-not-covered', {
      message: 'The certificate does not cover the accelerated domain.',
      fix: 'Give one whose names include the domain.',
      code: 'Certificate.MissMatch: The certificate does not match the domain.',
      source: requests,
    }),
  ],
)
