import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { AcmeParameters } from '../../contract/issuing/renewal.ts'
import type { AcmeAccountRow, Vault } from '../vault/vault.ts'
import { hasKeys, kindOf } from './kinds/kinds.ts'
import type { ServerSetup } from './site/server-setup.ts'

/**
 * Source of a domain's certificates at servers: the one of its certificate in the vault. Those of `files` are uploaded
 * for each server, since no key leaves the vault.
 */
export type CertificateSource =
  | { by: 'local' }
  | { by: 'files' }
  | { by: 'acme'; account: AcmeAccountRow; wish: AcmeParameters }

export function certificateSourceOf({ vault }: { vault: Vault }, domain: string): CertificateSource {
  const id = vault.domains.get(domain)?.certificateId ?? ''
  const renewal = vault.renewals.get(id)
  if (renewal?.method.by !== 'acme' || renewal.accountId === null)
    return { by: vault.certificates.get(id)?.kind === 'uploaded' ? 'files' : 'local' }
  return { by: 'acme', account: vault.acmeAccounts.find(renewal.accountId), wish: renewal.method }
}

/**
 * Refuses a challenge that the servers of a target cannot answer.
 * @throws `publish.untranslatable`
 */
export function requireAnswerable(parts: { vault: Vault }, domain: string, setup: ServerSetup): void {
  const source = certificateSourceOf(parts, domain)
  if (source.by !== 'acme' || !hasKeys(setup)) return
  const { challenge } = source.wish
  const { answersHttp01, title } = kindOf(setup)
  if (challenge === 'tls-alpn-01' || (challenge === 'http-01' && !answersHttp01))
    throw new EdgekeepError('publish.untranslatable', {
      domain,
      reasons: [
        `its certificate is ordered by ${challenge}, which ${title} does not answer; order it by dns-01`,
      ],
    })
}
