import type { Client } from '../../../client/client.ts'
import type { SecretBytes } from '../../../domain/secret-bytes.ts'
import { pkcs8Pem } from '../../../pki/issue/authority-certificates.ts'
import { newLeafKey } from '../../../pki/issue/leaf-keys.ts'
import { makeRequest } from '../../../pki/issue/request.ts'

export interface ProbeCertificate {
  /** Leaf and intermediate. */
  chainPem: string
  keyPem: SecretBytes
}

const lifeHours = 24

/**
 * Makes a key in this process and has the local authority sign a certificate of a day for `address`, with which a
 * device shows whether it trusts the authority. The key is never stored.
 * @throws `authority.none`, `vault.locked`, and others of signing
 */
export async function probeCertificate(client: Client, address: string): Promise<ProbeCertificate> {
  const { privateKey } = await newLeafKey('p256')
  const request = makeRequest({ names: { dns: [], ip: [address], email: [] }, privateKey })
  const files = [new File([new Uint8Array(request)], 'device.csr')]
  const { chainPem } = await client.localCertificates.sign({ files, usage: 'server', lifeHours })
  return { chainPem, keyPem: pkcs8Pem(privateKey) }
}
