import { randomUUID } from 'node:crypto'
import { echoOf } from '../../domain/echo.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { LeafUsage } from '../../contract/issuing/issuing.ts'
import type {
  ReadRequest,
  RequestInput,
  SignedRequest,
  SignInput,
  WaitingRequest,
} from '../../contract/local-authority/local-certificates.ts'
import { signLocally } from './local-authority.ts'
import { certificateInPem } from '../../pki/facts/certificate.ts'
import { formatKey, publicKeyFacts } from '../../pki/facts/public-key.ts'
import { toPem } from '../../pki/formats/convert.ts'
import { type InputFile, openIntake } from '../../pki/intake/intake.ts'
import { type RequestedCertificate, askedBy } from '../../pki/issue/asked-by-request.ts'
import { pkcs8Pem } from '../../pki/issue/authority-certificates.ts'
import { newLeafKey } from '../../pki/issue/leaf-keys.ts'
import { type LeafNames, readLeafNames } from '../../pki/issue/leaf-names.ts'
import { makeRequest } from '../../pki/issue/request.ts'
import type { RequestRow } from '../vault/vault.ts'
import { commit } from '../core/commit.ts'
import { gcAtEnd } from '../core/schedule-gc.ts'
import type { IssuingNeeds } from './needs.ts'

const hourMs = 3_600_000

/** @throws `request.missing`, `request.several`, `request.refused` */
export function readRequest(files: InputFile[]): ReadRequest {
  return shown(askedBy(requestIn(files)))
}

/**
 * @throws EdgekeepError as `readRequest`, `issue.no_server_name`, `authority.name_outside`,
 *   `authority.clients_outside`
 */
export async function signRequest(
  parts: IssuingNeeds,
  files: InputFile[],
  { usage: wanted, lifeHours }: Pick<SignInput, 'usage' | 'lifeHours'>,
): Promise<SignedRequest> {
  const asked = askedBy(requestIn(files))
  const usage = wanted ?? asked.usage ?? 'server'
  requireNames(asked.names, usage)
  const { commonName, names, publicKey } = asked
  const leaf = { names, usage, publicKey, lifeMs: lifeHours * hourMs, ...(commonName ? { commonName } : {}) }
  const chainPem = await signLocally(parts, leaf, { source: 'request' })
  const facts = certificateInPem(chainPem).facts
  const after = { name: facts.title, fingerprintSha256: facts.fingerprintSha256, names: listOf(names), usage }
  await commit(parts, () => ({
    record: { action: 'issue.request', subject: facts.serialHex, before: null, after },
  }))
  return { asked: shown(asked), certificate: facts, chainPem }
}

/** Creates a key in the vault and a request for another authority to sign. */
export async function createRequest(parts: IssuingNeeds, wanted: RequestInput): Promise<WaitingRequest> {
  const names = readLeafNames(wanted.names)
  const { publicKey, privateKey } = await newLeafKey(wanted.key)
  const request = makeRequest({ names, privateKey, commonName: wanted.commonName })
  const facts = publicKeyFacts(publicKey)
  const row = {
    id: randomUUID(),
    title: wanted.commonName ?? listOf(names)[0] ?? 'request',
    names: listOf(names),
    keyType: formatKey(facts),
    request,
    spkiSha256: facts.spkiSha256,
  }
  using _gc = gcAtEnd()
  using keyPem = pkcs8Pem(privateKey)
  await commit(parts, () => {
    parts.vault.requests.add(row, keyPem.bytes)
    const after = { name: row.title, names: row.names, keyType: row.keyType }
    return { record: { action: 'request.create', subject: row.id, before: null, after } }
  })
  return waiting(requireRequest(parts, row.id))
}

export function waitingRequests({ vault }: IssuingNeeds): WaitingRequest[] {
  return vault.requests.list().map(waiting)
}

/** @throws `request.not_found` */
export async function forgetRequest(parts: IssuingNeeds, reference: string): Promise<{ title: string }> {
  const row = requireRequest(parts, reference)
  await commit(parts, () => {
    parts.vault.requests.remove(row.id)
    return { record: { action: 'request.forget', subject: row.id, before: { name: row.title }, after: null } }
  })
  return { title: row.title }
}

function requireRequest({ vault }: IssuingNeeds, reference: string): RequestRow {
  const found = vault.requests.list().filter(({ id, title }) => id === reference || title === reference)
  const [only, ...others] = found
  if (only && others.length === 0) return only
  if (!only) throw new EdgekeepError('request.not_found', { reference: echoOf(reference) })
  const candidates = found.map(({ title, id }) => `${title} (${id})`)
  throw new EdgekeepError('certificate.ambiguous', { reference: echoOf(reference), candidates })
}

function requestIn(files: InputFile[]): Uint8Array {
  using intake = openIntake(files)
  const ids = intake.report.pieces.filter(({ kind }) => kind === 'certificate-request').map(({ id }) => id)
  const found = ids.flatMap((id) => intake.publicStructures().get(id) ?? [])
  const [only, ...others] = found
  if (!only) throw new EdgekeepError('request.missing', {})
  if (others.length > 0) throw new EdgekeepError('request.several', { count: found.length })
  return Uint8Array.from(only)
}

function requireNames(names: LeafNames, usage: LeafUsage): void {
  if (usage !== 'client' && names.dns.length + names.ip.length === 0)
    throw new EdgekeepError('issue.no_server_name', {})
}

function shown({ subject, names, usage, publicKey, leftOut }: RequestedCertificate): ReadRequest {
  const facts = publicKeyFacts(publicKey)
  return {
    subject,
    names: listOf(names),
    usage: usage ?? null,
    key: formatKey(facts),
    spkiSha256: facts.spkiSha256,
    leftOut,
  }
}

function waiting({ id, title, names, keyType, spkiSha256, request, createdAt }: RequestRow): WaitingRequest {
  return { id, title, names, keyType, spkiSha256, createdAt, pem: toPem(request, 'CERTIFICATE REQUEST') }
}

function listOf({ dns, ip, email }: LeafNames): string[] {
  return [...dns, ...ip, ...email]
}
