import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Verification } from '../../src/contract/inspect/certificate-facts.ts'
import { EdgekeepError } from '../../src/contract/errors/registry.ts'
import type { PolicyInputs } from '../../src/pki/verify/policies.ts'
import type { Purpose } from '../../src/pki/verify/question.ts'
import { verifyCertificate } from '../../src/pki/verify/verify.ts'

/** Case of the x509-limbo schema, as far as these tests read it. */
export interface LimboCase {
  id: string
  features: string[]
  validation_kind: 'SERVER' | 'CLIENT'
  trusted_certs: string[]
  untrusted_intermediates: string[]
  peer_certificate: string
  validation_time: string | null
  expected_result: 'SUCCESS' | 'FAILURE'
  expected_peer_name: PeerName | null
  expected_peer_names?: PeerName[]
  max_chain_depth: number | null
  crls: string[]
  policy_inputs?: Record<string, string>
  purpose?: Purpose
}
interface PeerName {
  kind: 'DNS' | 'IP' | 'RFC822'
  value: string
}
export interface Suite {
  name: string
  cases: LimboCase[]
}

/** Verdicts of other verifiers on x509-limbo, by case id. */
export interface Consensus {
  allRight: string[]
  allWrong: string[]
}

/** The JSON files at `path`, a file or a folder of any depth. */
export function readJson(
  path: string,
): { name: string; content: Partial<{ testcases: LimboCase[] } & Consensus> }[] {
  if (statSync(path).isDirectory())
    return readdirSync(path)
      .sort()
      .flatMap((name) => readJson(join(path, name)))
  if (!path.endsWith('.json')) return []
  return [{ name: basename(path, '.json'), content: JSON.parse(readFileSync(path, 'utf8')) as object }]
}

/** Opt-in cases: those that demand more than the RFCs, contradict each other, or need DSA. */
export function isOptional({ features }: LimboCase): boolean {
  return features.some((feature) => /^(pedantic-|rfc5280-incompatible|dsa$)/.test(feature))
}

export interface Outcome {
  expected: boolean
  ok: boolean
  /** The first rule broken, or the error. */
  why: string
  ms: number
}

export function runCase(testCase: LimboCase): Outcome {
  const start = performance.now()
  const { ok, why } = verdict(testCase)
  return { expected: testCase.expected_result === 'SUCCESS', ok, why, ms: performance.now() - start }
}

function verdict(testCase: LimboCase): { ok: boolean; why: string } {
  try {
    const result = verify(testCase)
    return { ok: result.ok, why: reasonsIn(result) }
  } catch (error) {
    if (error instanceof EdgekeepError) return { ok: false, why: `${error.code}: ${error.message}` }
    throw error
  }
}

function reasonsIn({ answers }: Verification): string {
  const all = [answers.validity, answers.authority, answers.signature, answers.name]
  return all
    .flatMap((answer) => (answer && !answer.ok ? [`${answer.code}: ${answer.reason}`] : []))
    .join(' | ')
}

function verify(testCase: LimboCase): Verification {
  const peers = [testCase.expected_peer_name, ...(testCase.expected_peer_names ?? [])].filter(
    (peer) => peer !== null,
  )
  const host = peers.find((peer) => peer.kind !== 'RFC822')?.value
  return verifyCertificate({
    leaf: der(testCase.peer_certificate),
    intermediates: testCase.untrusted_intermediates.map(der),
    anchors: [{ name: 'the given roots', certificates: testCase.trusted_certs.map(der) }],
    at: testCase.validation_time ? new Date(testCase.validation_time) : new Date(),
    purpose: testCase.purpose ?? (testCase.validation_kind === 'CLIENT' ? 'client' : 'server'),
    emails: peers.filter((peer) => peer.kind === 'RFC822').map((peer) => peer.value),
    crls: testCase.crls.map(der),
    policies: policyInputs(testCase.policy_inputs ?? {}),
    webProfile: testCase.id.startsWith('webpki::') && !againstItself.has(testCase.id),
    ...(host === undefined ? {} : { host }),
    ...(testCase.max_chain_depth === null ? {} : { maxDepth: testCase.max_chain_depth }),
  })
}

/**
 * Cases that the suite accepts although their common name, example.com, is no alternative name, while its own
 * cases under `webpki::cn` refuse that.
 */
const againstItself = new Set([
  'webpki::nc::nc-permits-dns-san-pattern',
  'webpki::san::leftmost-wildcard-san',
])

function der(pem: string): Uint8Array {
  return Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64')
}

/** PKITS names its policies (section 3 of its document): `NIST-test-policy-1` is 2.16.840.1.101.3.2.1.48.1. */
function policyInputs(inputs: Record<string, string>): PolicyInputs {
  const acceptable = inputs['SetInitialPolicySet']?.replaceAll('"', '').split(',').map(policyOid)
  return {
    ...(acceptable ? { acceptable } : {}),
    requireExplicit: inputs['SetInitialExplicitPolicy'] === 'true',
    inhibitMapping: inputs['SetInitialPolicyMappingInhibit'] === 'true',
    inhibitAny: inputs['SetInitialInhibitAnyPolicy'] === 'true',
  }
}

function policyOid(name: string): string {
  return name.trim() === 'anyPolicy'
    ? '2.5.29.32.0'
    : `2.16.840.1.101.3.2.1.48.${name.trim().replace('NIST-test-policy-', '')}`
}
