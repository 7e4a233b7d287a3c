import type { IssuingParts } from '../../local-authority/generations.ts'
import { issueForItself } from '../../local-authority/local-authority.ts'
import { acmeServerSerial } from '../../core/settings.ts'

const ownNames = ['localhost', '127.0.0.1', '::1']
const freshMs = 24 * 3_600_000

/** Certificate of the ACME server itself, due for replacement after a day or if its time is in the future. */
export function createOwnCertificate(issuing: IssuingParts) {
  const { vault, clock } = issuing
  let madeAt = 0
  return {
    /** The previous key is destroyed, so only the revocation of its certificate has to stay on record. */
    async issue() {
      const at = clock().getTime()
      const certificate = await issueForItself(issuing, ownNames)
      madeAt = at
      vault.change(() => {
        const before = vault.issued.get(acmeServerSerial.read(vault) ?? '')
        if (before?.revokedAt === null) vault.issued.forget(before.serial)
        acmeServerSerial.store(vault, certificate.leaf.serialHex)
      })
      return certificate
    },
    /** Compares times instead of using a timer: the computer may sleep, or its clock may be set. */
    isDue() {
      const age = clock().getTime() - madeAt
      return age < 0 || age >= freshMs
    },
  }
}
