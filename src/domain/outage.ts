import type { Outage } from '../contract/domains/domains.ts'

/** Clause that completes "HTTPS is down for shop.test: …". */
export function outageReason(outage: Outage): string {
  return outage === 'vault-locked' ? 'the vault is locked' : 'its key cannot be read'
}

export function outageRemedy(outage: Outage): string {
  return outage === 'vault-locked'
    ? 'Unlock the vault in the window or with "edgekeep unlock".'
    : 'Replace the certificate, or restore a backup.'
}
