import type { Verification } from '../../contract/inspect/certificate-facts.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { RemoteReport } from '../../contract/inspect/remote.ts'
import { hostInUrl } from '../../domain/ip-address.ts'
import { readCertificate } from '../facts/certificate.ts'
import { compareCertificates, type Side } from '../comparison/comparison.ts'
import { toPem } from '../formats/convert.ts'
import { diagnose } from '../diagnosis/diagnose.ts'
import { ofServer } from '../diagnosis/of-server.ts'
import { openIntake } from '../intake/intake.ts'

export interface Served {
  protocol: string
  cipher: string
  alpn: string
  /** DER, in the order sent. */
  chain: Uint8Array[]
  asSent: boolean
  tookMs: number
}

export interface RemoteQuestion {
  verify(leaf: Uint8Array, others: Uint8Array[]): Verification
  at: Date
  compareWith?: Side | undefined
}

/**
 * Inspects a server's chain like a file.
 * @throws EdgekeepError `certificate.missing`, `certificate.malformed`
 */
export function remoteReport(
  { chain, asSent, ...handshake }: Served,
  { host, port, serverName }: { host: string; port: number; serverName?: string | undefined },
  { verify, at, compareWith }: RemoteQuestion,
): RemoteReport {
  const [leaf, ...others] = chain
  if (!leaf) throw new EdgekeepError('certificate.missing', {})
  const address = `${hostInUrl(host)}:${port}`
  const pem = chain.map((der) => toPem(der)).join('')
  const facts = chain.map((der) => readCertificate(der).facts)
  const verification = verify(leaf, others)
  using intake = openIntake([{ name: address, bytes: Buffer.from(pem) }])
  const found = diagnose(intake.report, verification, { at, leafSha256: facts[0]?.fingerprintSha256 })
  return {
    address,
    serverName: serverName ?? host,
    handshake,
    chain: facts,
    pem,
    asSent,
    diagnosed: { ...ofServer(found, facts[0]?.title ?? address), verification },
    comparison: compareWith ? compareCertificates(compareWith, { leaf, intermediates: others }) : null,
  }
}
