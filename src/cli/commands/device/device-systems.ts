/** Systems whose steps differ. */
export type DeviceSystem = 'iOS' | 'macOS' | 'Android' | 'Firefox on Android' | 'Windows' | 'another system'

/** Recognises a system by User-Agent, which a device may claim freely: it only chooses the steps that stand first. */
export function systemOf(userAgent: string | undefined): DeviceSystem {
  const agent = userAgent?.slice(0, 512) ?? ''
  if (/iPhone|iPad/.test(agent)) return 'iOS'
  if (/Android/.test(agent)) return /Firefox\//.test(agent) ? 'Firefox on Android' : 'Android'
  // iPads ask for desktop sites as a Mac.
  if (/Macintosh/.test(agent)) return 'macOS'
  return /Windows/.test(agent) ? 'Windows' : 'another system'
}

interface Steps {
  /** File of the page. */
  file: 'edgekeep.mobileconfig' | 'edgekeep-root.cer'
  steps: string[]
  /** Switch that is missing where the file was taken and the handshake is refused. */
  missing: string
  /** Limit of a trust that was proven. */
  note?: string
}

const settingsTrust =
  'Turn on full trust: Settings, General, About, Certificate Trust Settings, and there “Edgekeep local authority”.'

export const systemSteps: Record<DeviceSystem, Steps> = {
  iOS: {
    file: 'edgekeep.mobileconfig',
    steps: [
      'Open the profile in Safari, and allow its download.',
      'Install it: Settings, General, VPN & Device Management.',
      settingsTrust,
    ],
    missing: settingsTrust,
  },
  macOS: {
    file: 'edgekeep.mobileconfig',
    steps: [
      'Open the profile.',
      'Install it: System Settings, General, Device Management.',
      'On an iPad that asks for desktop sites: turn on full trust, in Settings, General, About, Certificate Trust Settings.',
    ],
    missing:
      'Install the profile in System Settings, General, Device Management; Firefox also needs it in its own settings, under Certificates.',
  },
  Android: {
    file: 'edgekeep-root.cer',
    steps: [
      'Download the certificate.',
      'Install it: Settings, Security, More security settings, Encryption & credentials, Install a certificate, CA certificate.',
    ],
    missing:
      'Install the downloaded file as a CA certificate: Settings, Security, More security settings, Encryption & credentials, Install a certificate. A tap on the file alone does not offer that.',
    note: 'Chrome reads this store of the user. An app reads it only if its network security configuration names “user”.',
  },
  'Firefox on Android': {
    file: 'edgekeep-root.cer',
    steps: [
      'Install the certificate as for Chrome: Settings, Security, Encryption & credentials, Install a certificate, CA certificate.',
      'In Firefox: Settings, About Firefox, tap the logo until the debug menu is on; then Settings, Secret Settings, Use third party CA certificates.',
    ],
    missing:
      'Turn on “Use third party CA certificates” in Firefox: Settings, Secret Settings, which appears after taps on the logo in About Firefox.',
  },
  Windows: {
    file: 'edgekeep-root.cer',
    steps: [
      'Open the certificate, and choose Install Certificate, Current User.',
      'Place it in the store “Trusted Root Certification Authorities”.',
    ],
    missing:
      'The certificate has to be in “Trusted Root Certification Authorities”, which the automatic choice of the assistant is not.',
  },
  'another system': {
    file: 'edgekeep-root.cer',
    steps: ['Install the certificate as an authority that identifies websites.'],
    missing: 'The certificate is not among the authorities that this browser trusts for websites.',
  },
}
