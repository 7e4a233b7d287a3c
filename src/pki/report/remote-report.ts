import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { Verification } from '../../contract/inspect/certificate-facts.ts'
import type { Diagnosis } from '../../contract/inspect/diagnosis.ts'
import type { RemoteReport } from '../../contract/inspect/remote.ts'
import { hostInUrl } from '../../domain/ip-address.ts'
import { compareCertificates, type Side } from '../comparison/comparison.ts'
import { diagnose, type Diagnoses } from '../diagnosis/diagnose.ts'
import { readCertificate } from '../facts/certificate.ts'
import { lint } from '../lint/lint.ts'
import type { AnchorSet } from '../verify/anchor-set.ts'
import { toPem } from '../formats/convert.ts'
import { openIntake } from '../intake/intake.ts'

export interface Served {
  protocol: string
  cipher: string
  alpn: string
  group: string | null
  /** DER, in the order sent. */
  chain: Uint8Array[]
  tookMs: number
}

export interface RemoteQuestion {
  verify(leaf: Uint8Array, others: Uint8Array[]): Verification
  publicRoots: AnchorSet
  at: Date
  compareWith?: Side
}

/**
 * Inspects a server's chain like a file.
 * @throws EdgekeepError `certificate.missing`, `certificate.malformed`
 */
export function remoteReport(
  { chain, ...handshake }: Served,
  { host, port, serverName }: { host: string; port: number; serverName?: string },
  { verify, publicRoots, at, compareWith }: RemoteQuestion,
): RemoteReport {
  const [leaf, ...others] = chain
  if (!leaf) throw new EdgekeepError('certificate.missing', {})
  const address = `${hostInUrl(host)}:${port}`
  const pem = chain.map((der) => toPem(der)).join('')
  const facts = chain.map((der) => readCertificate(der).facts)
  const verification = verify(leaf, others)
  using intake = openIntake([{ name: address, bytes: Buffer.from(pem) }])
  const { certificates: faults } = lint({ certificates: chain, publicRoots })
  const leafSha256 = facts[0]?.fingerprintSha256
  const found = diagnose(intake.report, verification, { at, leafSha256, faults })
  return {
    address,
    serverName: serverName ?? host,
    handshake,
    chain: facts,
    pem,
    diagnosed: { ...ofServer(found, facts[0]?.title ?? address), verification },
    comparison: compareWith ? compareCertificates(compareWith, { leaf, intermediates: others }) : null,
  }
}

/** A good chain is described as a server's: it has its key, or the handshake would have failed. */
export function ofServer({ diagnosis, others }: Diagnoses, title: string): Diagnoses {
  return { diagnosis: diagnosis.situation === 'good' ? served(title) : diagnosis, others }
}

function served(title: string): Diagnosis {
  return {
    situation: 'good',
    severity: 'good',
    sentence: `The server sends a valid certificate for ${title} with a complete chain.`,
    nextStep: 'No action is needed.',
    pieces: [],
  }
}
