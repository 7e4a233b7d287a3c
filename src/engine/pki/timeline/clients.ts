/** How a kind of client treats time. Data: each with where it is written. */
export interface ClientProfile {
  id: string
  name: string
  /** Whether a root ends with its validity for it. */
  anchorsExpire: boolean
  rule: { sentence: string; source: string }
}

export const clientProfiles: ClientProfile[] = [
  {
    id: 'chrome',
    name: 'Chrome and Edge',
    anchorsExpire: false,
    rule: {
      sentence: 'A root of its own list counts past its end, unless the list says otherwise for that root.',
      source: 'https://chromium.googlesource.com/chromium/src/+/main/net/cert/internal/trust_store_chrome.cc',
    },
  },
  {
    id: 'firefox',
    name: 'Firefox',
    anchorsExpire: true,
    rule: {
      sentence: 'Every certificate of the chain has to be valid, the root too.',
      source: 'https://searchfox.org/mozilla-central/source/security/nss/lib/mozpkix/lib/pkixcheck.cpp',
    },
  },
  {
    id: 'apple',
    name: 'Safari and Apple devices',
    anchorsExpire: true,
    rule: {
      sentence: 'Expired roots are not allowed, unless an app asks for it.',
      source: 'https://developer.apple.com/documentation/security/sslsetallowsexpiredroots(_:_:)',
    },
  },
  {
    id: 'android',
    name: 'Android apps',
    anchorsExpire: false,
    rule: {
      sentence: 'The end of a root is left out of account on purpose.',
      source: 'https://letsencrypt.org/2020/12/21/extending-android-compatibility',
    },
  },
  {
    id: 'java',
    name: 'Java',
    anchorsExpire: false,
    rule: {
      sentence: 'A root is a name and a key; its dates are not part of the path that is checked.',
      source:
        'https://github.com/openjdk/jdk/blob/master/src/java.base/share/classes/sun/security/provider/certpath/PKIXCertPathValidator.java',
    },
  },
  {
    id: 'openssl',
    name: 'OpenSSL, curl and Node',
    anchorsExpire: true,
    rule: {
      sentence: 'Every certificate of the chain has to be valid, the root too.',
      source: 'https://docs.openssl.org/3.5/man1/openssl-verification-options/',
    },
  },
]
