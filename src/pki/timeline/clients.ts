/** Time rules of a kind of client, as data with their source. */
export interface ClientProfile {
  id: string
  name: string
  /** Whether its trust anchors expire. */
  anchorsExpire: boolean
  rule: { sentence: string; source: string }
}

export const clientProfiles: ClientProfile[] = [
  {
    id: 'chrome',
    name: 'Chrome and Edge',
    anchorsExpire: false,
    rule: {
      sentence: 'A root from its own list is accepted after it has expired, unless the list says otherwise.',
      source: 'https://chromium.googlesource.com/chromium/src/+/main/net/cert/internal/trust_store_chrome.cc',
    },
  },
  {
    id: 'firefox',
    name: 'Firefox',
    anchorsExpire: true,
    rule: {
      sentence: 'Every certificate of the chain must be valid, including the root.',
      source: 'https://searchfox.org/mozilla-central/source/security/nss/lib/mozpkix/lib/pkixcheck.cpp',
    },
  },
  {
    id: 'apple',
    name: 'Safari and Apple devices',
    anchorsExpire: true,
    rule: {
      sentence: 'Expired roots are rejected, unless an app allows them.',
      source: 'https://developer.apple.com/documentation/security/sslsetallowsexpiredroots(_:_:)',
    },
  },
  {
    id: 'android',
    name: 'Android apps',
    anchorsExpire: false,
    rule: {
      sentence: 'The expiry date of a root is ignored on purpose.',
      source: 'https://letsencrypt.org/2020/12/21/extending-android-compatibility',
    },
  },
  {
    id: 'java',
    name: 'Java',
    anchorsExpire: false,
    rule: {
      sentence: 'A root is only a name and a key; its dates are not checked.',
      source:
        'https://github.com/openjdk/jdk/blob/master/src/java.base/share/classes/sun/security/provider/certpath/PKIXCertPathValidator.java',
    },
  },
  {
    id: 'openssl',
    name: 'OpenSSL, curl and Node',
    anchorsExpire: true,
    rule: {
      sentence: 'Every certificate of the chain must be valid, including the root.',
      source: 'https://docs.openssl.org/3.5/man1/openssl-verification-options/',
    },
  },
]
