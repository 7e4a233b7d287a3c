import type { Obstacle } from '../../contract/trust/trust.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { httpsCommand } from '../../domain/issuing-scope.ts'
import { certificateFacts, chainFromPem } from '../../pki/facts/certificate.ts'
import { nextSuffixes } from '../certificates/authority-scope.ts'
import { localAnchors, verifyChain } from '../certificates/verdicts.ts'
import type { AnchorSet } from '../../pki/verify/anchor-set.ts'
import { chosenClients, findAtlas, hostEnvironmentOf } from '../trust/atlas.ts'
import type { FoundClient } from '../trust/clients/find-clients.ts'
import { anchorsFromPem, publicRoots, systemRoots } from '../certificates/anchors.ts'
import type { TrustStore } from '../trust/stores/store.ts'
import type { DomainRow } from '../vault/vault.ts'
import { foreignRootStep } from './foreign-root.ts'
import type { SetupNeeds } from './needs.ts'

/** Chain that a domain serves, or would; null without a certificate. */
function chainOf({ vault }: SetupNeeds, { certificateId }: DomainRow): Uint8Array[] | null {
  const row = certificateId === null ? undefined : vault.certificates.get(certificateId)
  return row ? chainFromPem(row.chainPem) : null
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

/**
 * Reason why browsers of this computer will not accept the certificate that a domain has: it is for other
 * names, outside its validity, damaged, or of an authority that they do not trust.
 */
export async function certificateObstacle(parts: SetupNeeds, domain: DomainRow): Promise<Obstacle | null> {
  const chain = chainOf(parts, domain)
  if (chain === null) return null
  const name = readableName(domain.name)
  const remedy = httpsCommand(domain.name, nextSuffixes(parts))
  const { answers } = verifyChain(parts, chain, { domain: domain.name })
  // Without the issuer's certificate a signature cannot be checked: that is a question of the authority.
  const signature = answers.authority.ok ? [answers.signature] : []
  const fault = [answers.name, answers.validity, ...signature].find((answer) => answer && !answer.ok)
  if (fault)
    return { sentence: `No client accepts the certificate of ${name}. ${fault.reason}`, command: remedy }
  const { names, stores } = await refusingClients(parts, chain, domain.name)
  if (names.length === 0) return null
  const { issuer } = certificateFacts(chain.at(-1) ?? new Uint8Array())
  const steps = stores.map((store) => `${store.title}: ${foreignRootStep(store)}`).join('; ')
  return {
    sentence: `The certificate of ${name} is of the authority "${issuer}", which ${names.join(' and ')} ${names.length === 1 ? 'does' : 'do'} not trust. If it is your company's, get its root from there, compare the fingerprint, save it as root.pem and trust it yourself (${steps}). Otherwise use ${remedy.endsWith('--free') ? 'a free certificate' : 'one of an authority that they trust'}.`,
    command: remedy,
  }
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
    stores: atlas.stores.filter(({ id }) => refusing.some(({ stores }) => stores.includes(id))),
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
