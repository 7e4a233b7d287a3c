import { EdgekeepError } from '../../contract/errors/registry.ts'
import { knownAuthority, publishedCertificate } from '../../pki/authorities/known-authorities.ts'
import { type InspectionQuestion, verifySelected } from '../../pki/inspect/inspect.ts'
import { type Intake, openIntake } from '../../pki/intake/intake.ts'
import { selectLeaf } from '../../pki/intake/select-leaf.ts'
import { hash } from 'node:crypto'
import { type Certificate, certificateOf } from '../../pki/x509/certificate.ts'
import { nameTitle } from '../../pki/x509/distinguished-name.ts'
import { accessUrls } from '../../pki/x509/extension-contents.ts'
import { isSignedBy } from '../../pki/x509/signatures.ts'
import { AddressRefused, allowances } from '../network-guard/guard.ts'
import { BodyTooLong, createGuardedClient } from '../network-guard/http-client.ts'

type Client = Pick<ReturnType<typeof createGuardedClient>, 'send' | 'close'>

const mostSteps = 4
const mostBytes = 64 * 1024
const timeoutMs = 10_000

/**
 * Gets the missing intermediates of the selected leaf from the addresses that the certificates or the published
 * facts of their authorities name, and adds them to the intake. Returns the addresses.
 * @throws EdgekeepError `input.file_unreadable`
 */
export async function completeChain(
  intake: Intake,
  question: InspectionQuestion,
  client: Client = createGuardedClient(allowances.issuerCertificate),
): Promise<string[]> {
  const addresses: string[] = []
  try {
    for (let step = 0; step < mostSteps; step += 1) {
      const top = incompleteAt(intake, question)
      const address = top && addressAbove(top)
      if (!address || addresses.includes(address)) break
      const bytes = await issuerFrom(address, top, client)
      intake.add([{ name: new URL(address).hostname, bytes }])
      addresses.push(address)
    }
    return addresses
  } finally {
    client.close()
  }
}

/** Last certificate of the path that comes nearest to a root, if its issuer is missing. */
function incompleteAt(intake: Intake, question: InspectionQuestion): Certificate | undefined {
  const selected = selectLeaf(intake, question.leafSha256)
  const { answers, candidates } = verifySelected(selected, question)
  if (!['missing_intermediate', 'unknown_authority'].includes(answers.authority.code)) return undefined
  const top = candidates[0]?.certificates.at(-1)?.fingerprintSha256
  return [selected.leaf, ...selected.others].map(certificateOf).find((one) => one.fingerprintSha256 === top)
}

const keyOf = ({ spki }: Certificate): string => hash('sha256', spki)

function addressAbove(top: Certificate): string | undefined {
  if (top.isSelfIssued) return publishedCertificate(keyOf(top))?.address
  const [address] = accessUrls(top.decoded.authorityInfoAccess, 'caIssuers')
  return address ?? publishedCertificate(nameTitle(top.issuer))?.address
}

/** The issuer of `below`, or for a self-signed root its cross-sign. */
async function issuerFrom(address: string, below: Certificate, client: Client): Promise<Uint8Array> {
  const bytes = await get(address, client)
  using intake = openIntake([{ name: 'issuer', bytes }])
  const known = knownAuthority(nameTitle(below.isSelfIssued ? below.subject : below.issuer))
  const issuer = [...intake.certificates().values()]
    .map(certificateOf)
    .find(
      (one) =>
        isSignedBy(below, one) &&
        one.fingerprintSha256 !== below.fingerprintSha256 &&
        (!known || keyOf(one) === known.spkiSha256),
    )
  if (issuer) return issuer.der
  throw unreadable(address, `it is not the certificate that issued “${below.title}”`)
}

async function get(address: string, client: Client): Promise<Uint8Array> {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw unreadable(address, 'only http and https addresses are asked')
  const request = { method: 'GET', headers: {}, signal: AbortSignal.timeout(timeoutMs), mostBytes } as const
  const { status, body } = await client.send(url, request).catch((error: unknown) => {
    if (error instanceof AddressRefused) throw unreadable(address, error.reason)
    throw unreadable(address, error instanceof BodyTooLong ? error.message : 'there was no answer')
  })
  // A redirect is not followed.
  if (status !== 200) throw unreadable(address, `the answer had the status ${status}`)
  return body
}

function unreadable(file: string, reason: string): EdgekeepError {
  return new EdgekeepError('input.file_unreadable', { file, reason })
}
