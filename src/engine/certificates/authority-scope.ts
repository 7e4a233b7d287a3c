import { EdgekeepError } from '../../contract/errors/registry.ts'
import { localSuffixes } from '../../domain/authority-scope.ts'
import { httpsCommand } from '../../domain/issuing-scope.ts'
import { isLocalhost } from '../../domain/localhost.ts'
import { suffixProblem } from '../../domain/suffix-problem.ts'
import { permittedSuffixes } from '../../pki/issue/authority-certificates.ts'
import type { Core } from '../core/core.ts'
import type { AuthorityGeneration } from '../vault/vault.ts'

/** Permitted suffixes; null without an authority, and for that of an early vault, which is unconstrained. */
export function suffixesOf(generation: AuthorityGeneration | undefined): string[] | null {
  const suffixes = generation ? permittedSuffixes(generation.certificatePem) : null
  return suffixes && [...suffixes]
}

/** Suffixes below which an unknown name has a page: those for this computer alone, while the authority can sign. */
export function unknownNameSuffixes({ vault }: Pick<Core, 'vault'>): string[] {
  const authority = vault.authority.get()
  const canSign = authority?.intermediatePem && !vault.protection.locked
  return canSign ? (suffixesOf(authority) ?? []).filter(isLocalhost) : []
}

/** Suffixes of the authority that issues next, which may not exist yet. */
export function nextSuffixes({ vault }: Pick<Core, 'vault'>): string[] {
  return suffixesOf(vault.authority.get()) ?? [...localSuffixes, ...namesInUse({ vault })]
}

/**
 * Names outside the local suffixes with free certificates of an early vault, whose authority issued for any
 * domain. Its successor is constrained to them.
 */
function namesInUse({ vault }: Pick<Core, 'vault'>): string[] {
  if (!vault.authority.get()) return []
  const free = vault.certificates.list().filter(({ kind }) => kind === 'free')
  const bare = free.flatMap(({ dnsNames }) => dnsNames.map((name) => name.replace(/^\*\./, '')))
  const local = (name: string) => localSuffixes.some((suffix) => `.${name}`.endsWith(`.${suffix}`))
  return [...new Set(bare.filter((name) => !local(name) && suffixProblem(name) === undefined))]
}

/** Refusal of an act on a domain without HTTPS, with the command that turns it on. */
export function httpsOff(parts: Pick<Core, 'vault'>, name: string): EdgekeepError {
  return new EdgekeepError('domain.https_off', { name, command: httpsCommand(name, nextSuffixes(parts)) })
}
