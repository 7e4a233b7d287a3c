import { readPropertyList, type PropertyValue } from './property-list.ts'

/** macOS' trust setting of a certificate as a root for web servers. */
export type TrustSetting = 'trusted' | 'denied' | 'unspecified'

/** SecTrustSettings.h: kSecTrustSettingsResultTrustRoot, and kSecTrustSettingsResultDeny. */
const results = { trustRoot: 1, deny: 3 } as const
/** Policy for TLS servers: its name, or its object identifier (1.2.840.113635.100.1.3) in Base64. */
const serverPolicy = { name: 'sslServer', identifier: 'KoZIhvdjZAED' }

/**
 * Parses `security trust-settings-export`, by SHA-1 fingerprint in lower-case hex. Each certificate has a
 * list of conditions; an empty one means "always" (SecTrustSettingsSetTrustSettings).
 * @throws a `TypeError` for anything else
 */
export function trustSettingsIn(xml: string): Map<string, TrustSetting> {
  const list = valueAt(readPropertyList(xml), 'trustList')
  if (!(list instanceof Map)) throw new TypeError('These are not trust settings.')
  return new Map(
    Array.from(list, ([sha1, entry]) => [sha1.toLowerCase(), settingOf(valueAt(entry, 'trustSettings'))]),
  )
}

function settingOf(conditions: PropertyValue | undefined): TrustSetting {
  // A certificate without any condition, or with an empty list, is trusted for everything.
  if (!Array.isArray(conditions) || conditions.length === 0) return 'trusted'
  const meant = conditions.filter(isForServers).map(resultOf)
  if (meant.includes(results.deny)) return 'denied'
  return meant.includes(results.trustRoot) ? 'trusted' : 'unspecified'
}

function isForServers(condition: PropertyValue): boolean {
  const [name, identifier] = [
    valueAt(condition, 'kSecTrustSettingsPolicyName'),
    valueAt(condition, 'kSecTrustSettingsPolicy'),
  ]
  if (name === undefined && identifier === undefined) return true
  return name === serverPolicy.name || identifier === serverPolicy.identifier
}

function resultOf(condition: PropertyValue): PropertyValue {
  return valueAt(condition, 'kSecTrustSettingsResult') ?? results.trustRoot
}

function valueAt(value: PropertyValue | undefined, key: string): PropertyValue | undefined {
  return value instanceof Map ? value.get(key) : undefined
}
