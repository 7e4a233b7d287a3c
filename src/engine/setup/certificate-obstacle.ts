import type { Obstacle } from '../../contract/trust/trust.ts'
import { joinNames } from '../../domain/green-browsers.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { httpsCommand, outsideScope } from '../../domain/issuing-scope.ts'
import { certificateFacts, chainFromPem } from '../../pki/facts/certificate.ts'
import { nextSuffixes } from '../certificates/authority-scope.ts'
import { localAnchors, verifyChain } from '../certificates/verdicts.ts'
import type { AnchorSet } from '../../pki/verify/anchor-set.ts'
import { chosenClients, findAtlas, hostEnvironmentOf } from '../trust/atlas.ts'
import type { FoundClient } from '../trust/clients/find-clients.ts'
import { anchorsFromPem, publicRoots, systemRoots } from '../certificates/anchors.ts'
import type { TrustedRoot } from '../trust/stores/roots.ts'
import type { TrustStore } from '../trust/stores/store.ts'
import type { CertificateRow, DomainRow } from '../vault/vault.ts'
import { rootOfChain } from './foreign-root.ts'
import type { SetupNeeds } from './needs.ts'

/** Chain that a domain serves, or would; null without a certificate. */
function chainOf(parts: SetupNeeds, domain: DomainRow): Uint8Array[] | null {
  const row = certificateOf(parts, domain)
  return row ? chainFromPem(row.chainPem) : null
}

function certificateOf({ vault }: SetupNeeds, { certificateId }: DomainRow): CertificateRow | undefined {
  return certificateId === null ? undefined : vault.certificates.get(certificateId)
}

/** Whether a domain's certificate is from the local authority, or will be. By default its retired roots count. */
export function isLocallyIssued(
  parts: SetupNeeds,
  domain: DomainRow,
  anchors: AnchorSet[] = localAnchors(parts),
): boolean {
  const chain = chainOf(parts, domain)
  return chain === null || verifyChain(parts, chain, { anchors }).answers.authority.ok
}

/** Obstacle of a certificate, and the root that removes it where the stores of the browsers only lack that. */
interface Refusal {
  obstacle: Obstacle
  stores: TrustStore[]
  root: TrustedRoot | null
}

/**
 * Reason why browsers of this computer will not accept the certificate that a domain has: it is for other
 * names, outside its validity, damaged, or of an authority that they do not trust.
 */
export async function certificateRefusal(
  parts: SetupNeeds,
  domain: DomainRow,
  file: File | undefined,
): Promise<Refusal | null> {
  const row = certificateOf(parts, domain)
  if (!row) return null
  const chain = chainFromPem(row.chainPem)
  const name = readableName(domain.name)
  const free = {
    cure: 'free-certificate' as const,
    command: `edgekeep setup ${name} --free`,
    isRootMissing: false,
  }
  const { answers } = verifyChain(parts, chain, { domain: domain.name })
  // Without the issuer's certificate a signature cannot be checked: that is a question of the authority.
  const signature = answers.authority.ok ? [answers.signature] : []
  const fault = [answers.name, answers.validity, ...signature].find((answer) => answer && !answer.ok)
  // A free certificate is offered where the local authority may issue it.
  const cures = outside(parts, domain.name) ? [] : [free]
  if (fault) {
    const sentence = `No client accepts the certificate of ${name}. ${fault.reason}`
    return { obstacle: { sentence, command: null, cures }, stores: [], root: null }
  }
  const { names, stores } = await refusingClients(parts, chain, domain.name)
  if (names.length === 0) return null
  const root = await rootOfChain(parts, chain, { rootPem: row.rootPem, file })
  const { issuer } = certificateFacts(chain.at(-1) ?? new Uint8Array())
  const command = `edgekeep setup ${name} --trust-root${root ? '' : ' FILE'}`
  const other = cures.length > 0 ? 'a free certificate' : 'one of an authority that they trust'
  const sentence = `${joinNames(names)} ${names.length === 1 ? 'does' : 'do'} not trust "${root?.title ?? issuer}", the authority of its certificate. If it is your company's, trust its root here. Otherwise use ${other}.`
  const trusting = { cure: 'trust-root' as const, command, isRootMissing: root === null }
  return { obstacle: { sentence, command: null, cures: [trusting, ...cures] }, stores, root }
}

/** Obstacle for a name outside the authority's constraints. */
export function outside(parts: SetupNeeds, name: string): Obstacle | null {
  const suffixes = nextSuffixes(parts)
  const refused = outsideScope([name], suffixes)
  if (!refused) return null
  const allow = `edgekeep authority allow ${readableName(name.replace(/^\*\./, ''))}`
  return { sentence: refused.message, command: refused.data.refusal ? httpsCommand(name, suffixes) : allow }
}

interface Refusing {
  names: string[]
  /** Stores in which the root would have to be. */
  stores: TrustStore[]
}

/** Browsers that do not trust the authority of a chain; without browsers, this system where it does not. */
async function refusingClients(parts: SetupNeeds, chain: Uint8Array[], domain: string): Promise<Refusing> {
  const atlas = findAtlas(hostEnvironmentOf(parts))
  const browsers = chosenClients(atlas, undefined).filter(({ kind }) => kind === 'browser')
  const accepts = (anchors: Parameters<typeof anchorsFromPem>[0] | null) =>
    verifyChain(parts, chain, {
      domain,
      anchors: [...localAnchors(parts), publicRoots(), anchors ? anchorsFromPem(anchors) : systemRoots()],
    }).answers.authority.ok
  if (browsers.length === 0)
    return accepts(null)
      ? { names: [], stores: [] }
      : { names: ['this system'], stores: atlas.stores.filter(({ kind }) => kind === 'system') }
  const judged = await Promise.all(
    browsers.map(async (browser) => ({
      browser,
      ok: accepts(await rootsIn(storesOf(browser, atlas.stores))),
    })),
  )
  const refusing = judged.filter(({ ok }) => !ok).map(({ browser }) => browser)
  return {
    names: [...new Set(refusing.map(({ name: browser }) => browser))],
    stores: atlas.stores.filter(
      ({ id, isWide }) => !isWide && refusing.some(({ stores }) => stores.includes(id)),
    ),
  }
}

function storesOf({ stores }: FoundClient, all: readonly TrustStore[]): TrustStore[] {
  return all.filter(({ id }) => stores.includes(id))
}

/** Roots that the stores of a browser add to the public ones; null where it reads the system's. */
async function rootsIn(stores: readonly TrustStore[]): Promise<string[] | null> {
  const own = stores.flatMap(({ roots }) => (roots ? [roots] : []))
  return own.length === 0 ? null : (await Promise.all(own.map((roots) => roots()))).flat()
}
