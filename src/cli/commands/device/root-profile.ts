import { createHash, X509Certificate } from 'node:crypto'

/** Content types by which systems offer to install the files. */
export const profileType = 'application/x-apple-aspen-config'
export const certificateType = 'application/x-x509-ca-cert'

/**
 * Configuration profile for Apple’s systems with one root (Apple, Device Management, `com.apple.security.root`).
 * Its identifiers follow from the root, so that installing it twice replaces the first. Nothing in it comes from
 * outside but the root's bytes.
 */
export function rootProfile(rootPem: string): Buffer {
  const { raw, fingerprint256 } = new X509Certificate(rootPem)
  const id = (part: string) => uuidOf(`${part} ${fingerprint256}`)
  const content = raw.toString('base64').replace(/(.{64})/g, '$1\n')
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>PayloadCertificateFileName</key><string>edgekeep-root.cer</string>
      <key>PayloadContent</key>
      <data>
${content}
      </data>
      <key>PayloadDisplayName</key><string>Edgekeep local authority</string>
      <key>PayloadIdentifier</key><string>edgekeep.root.${id('root')}</string>
      <key>PayloadType</key><string>com.apple.security.root</string>
      <key>PayloadUUID</key><string>${id('root')}</string>
      <key>PayloadVersion</key><integer>1</integer>
    </dict>
  </array>
  <key>PayloadDescription</key><string>Lets this device trust the sites that your Edgekeep serves.</string>
  <key>PayloadDisplayName</key><string>Edgekeep local authority</string>
  <key>PayloadIdentifier</key><string>edgekeep.profile.${id('profile')}</string>
  <key>PayloadRemovalDisallowed</key><false/>
  <key>PayloadType</key><string>Configuration</string>
  <key>PayloadUUID</key><string>${id('profile')}</string>
  <key>PayloadVersion</key><integer>1</integer>
</dict>
</plist>
`)
}

/** Identifier of version 8 (RFC 9562, section 5.8) from a hash. */
function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex').toUpperCase()
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
