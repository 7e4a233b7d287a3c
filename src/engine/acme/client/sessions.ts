import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { AcmeSession, AcmeSigner } from './session.ts'
import { openSession } from './session.ts'
import { publicJwk, type PublicJwk, thumbprint } from '../jose/jwk.ts'
import { signJws } from '../jose/jws.ts'
import type { AcmeAccountRow } from '../../vault/vault.ts'
import type { AcmeClientNeeds } from './needs.ts'

/** Decrypts the account's key for each signature only. */
function signerOf({ vault }: AcmeClientNeeds, { id }: AcmeAccountRow): AcmeSigner {
  const jwk = vault.acmeAccounts.withKey(id, (keyPem): PublicJwk =>
    publicJwk(createPublicKey(createPrivateKey(keyPem))),
  )
  return {
    jwk,
    sign: (header, payload) =>
      vault.acmeAccounts.withKey(id, (keyPem) => signJws(header, payload, createPrivateKey(keyPem))),
  }
}

/** Thumbprint of the account's key (RFC 7638). */
export function accountThumbprint(parts: AcmeClientNeeds, account: AcmeAccountRow): string {
  return thumbprint(signerOf(parts, account).jwk)
}

/** Opens a session of the account; `signer` signs with its key. */
export async function openAccountSession(
  parts: AcmeClientNeeds,
  account: AcmeAccountRow,
  signal?: AbortSignal,
): Promise<AcmeSession & { signer: AcmeSigner }> {
  const signer = signerOf(parts, account)
  const { directoryUrl, rootsPem, mayBePrivate, accountUrl } = account
  const place = { url: directoryUrl, rootsPem, mayBePrivate }
  return { ...(await openSession({ place, signer, accountUrl, clock: parts.clock, signal })), signer }
}
