import { hostname } from 'node:os'
import type { IssuingParts } from '../../local-authority/generations.ts'
import type { Log } from '../../core/log.ts'
import type { Vault } from '../../vault/vault.ts'
import { type AcmeService, createAcmeService, type ServedNames } from './acme-service.ts'
import { createPublication, type Publication } from '../../local-authority/publication.ts'

/** Services of the local authority for other programs of this computer, while the engine runs. */
export interface LocalServices {
  /** This computer's name, for the authority's subject. */
  hostName: string
  publication: Publication
  publishedOf: IssuingParts['publishedOf']
  acmeServer: AcmeService
}

/** `runs`: true for the engine that serves, false for one that a command opened for itself. */
export function createLocalServices(of: {
  vault: Vault
  clock: () => Date
  log: Log
  runs: boolean
  fileEvidence: IssuingParts['fileEvidence']
  /** Signals possible changes to accounts, orders or certificates. */
  changed: () => void
  served: ServedNames
}): LocalServices {
  const { vault, clock, log, runs, changed, served, fileEvidence } = of
  const hostName = hostname()
  const publication = createPublication(of)
  const publishedOf = (issuer: string) => publication.publishedOf(issuer)
  const issuing: IssuingParts = { vault, clock, hostName, actor: 'engine', publishedOf, fileEvidence }
  const revoked = () => publication.changed()
  const acmeServer = createAcmeService({ issuing, log, runs, revoked, changed, served })
  return { hostName, publication, publishedOf, acmeServer }
}

export async function settleLocalServices({ publication, acmeServer }: LocalServices): Promise<void> {
  await publication.followSetting()
  await acmeServer.followSettings()
}

export async function closeLocalServices({ publication, acmeServer }: LocalServices): Promise<void> {
  await acmeServer.close()
  await publication.close()
}
