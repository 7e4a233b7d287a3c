import { hash } from 'node:crypto'
import type { Verification } from '../../contract/inspect/certificate-facts.ts'
import type { AnchorSet } from '../verify/anchor-set.ts'
import { parseLeaf } from '../verify/verify.ts'
import { textsOf } from '../x509/general-names.ts'
import { readSctList } from '../x509/sct-list.ts'
import {
  isListedRoot,
  type IssuedLeaf,
  rootCondition,
  type RootProgram,
  rootPrograms,
  type RootState,
  rootState,
} from './root-lists.ts'

/** `private`: no program's list has the root at the end of the path. */
export type ProgramTrust = RootState | 'private' | 'none'

export interface ProgramVerdict {
  verification: Verification
  trust: ProgramTrust
}

export interface ProgramQuestion {
  /** DER. */
  leaf: Uint8Array
  anchors: AnchorSet[]
  verify(by: { anchors: AnchorSet[]; anchorsExpire: boolean }): Verification
}

/**
 * Verifies as `program` does: roots of public authorities count if its list has them for this leaf, and
 * private ones as if they were installed. `usual` is the verification by all anchors.
 */
export function verifyForProgram(
  program: RootProgram,
  { leaf: der, anchors, verify }: ProgramQuestion,
  usual: Verification,
): ProgramVerdict {
  const leaf = issuedLeaf(der)
  const direct = trustIn(program, usual, leaf)
  const isRefused = isRefusal(direct)
  if (usual.ok && !isRefused) return { verification: usual, trust: direct }
  const verification = verify({
    anchors: anchors.map((set) => programAnchors(program, set, leaf)),
    anchorsExpire: !ignoringDates.includes(program),
  })
  const trust = trustIn(program, verification, leaf)
  const root = rootOf(usual)
  if (!root || !isRefused || verification.ok) return { verification, trust }
  const reason = refusal(program, root, direct)
  const authority = { ok: false, code: 'unknown_authority', reason }
  return {
    verification: { ...verification, ok: false, answers: { ...usual.answers, authority } },
    trust: direct,
  }
}

/** Programs for which a root is a name and a key alone. */
const ignoringDates: RootProgram[] = ['java', 'android']

function trustIn(program: RootProgram, verification: Verification, leaf: IssuedLeaf): ProgramTrust {
  const root = rootOf(verification)?.fingerprintSha256
  if (root !== undefined && isListedRoot(root)) return rootState(program, root, leaf)
  return verification.answers.authority.ok ? 'private' : 'none'
}

const isRefusal = (trust: ProgramTrust) => ['unlisted', 'distrusted', 'outside'].includes(trust)

type Root = Verification['path'][number]

/** Top of the path, or of the nearest one that is not valid. */
function rootOf({ path, candidates }: Verification): Root | undefined {
  return path.at(-1) ?? candidates[0]?.certificates.at(-1)
}

function refusal(program: RootProgram, { title, fingerprintSha256 }: Root, state: ProgramTrust): string {
  const name = rootPrograms.find(({ id }) => id === program)?.name
  if (state === 'outside')
    return `It chains to “${title}”, and ${name} trusts ${rootCondition(program, fingerprintSha256)} under it.`
  const verb = state === 'distrusted' ? 'blocks' : 'does not trust'
  return `It chains to “${title}”, a public root that ${name} ${verb}.`
}

/** Lists of browsers and systems, by which a site is met. */
const browserLists: RootProgram[] = ['chrome', 'firefox', 'apple', 'android', 'microsoft']

/** Reasons of these lists to refuse the authority of a leaf that is valid by `usual`. */
export function refusingPrograms(question: ProgramQuestion, usual: Verification): string[] {
  if (!usual.answers.authority.ok) return []
  return browserLists.flatMap((id) => {
    const { verification, trust } = verifyForProgram(id, question, usual)
    return isRefusal(trust) ? [verification.answers.authority.reason] : []
  })
}

const fingerprints = new WeakMap<Uint8Array[], string[]>()
const filtered = new WeakMap<Uint8Array[], Map<string, AnchorSet>>()

/**
 * The set without the listed roots that the program does not trust for the leaf, cached by what is left out.
 * No client has the rules for issuers that a set which is not lenient adds.
 */
function programAnchors(program: RootProgram, set: AnchorSet, leaf: IssuedLeaf): AnchorSet {
  const { certificates } = set
  const known = fingerprints.get(certificates) ?? certificates.map((der) => hash('sha256', der))
  fingerprints.set(certificates, known)
  const isLeftOut = known.map((root) => isListedRoot(root) && rootState(program, root, leaf) !== 'trusted')
  const key = isLeftOut.map(Number).join('')
  const sets = filtered.get(certificates) ?? new Map<string, AnchorSet>()
  filtered.set(certificates, sets)
  const made = sets.get(key) ?? {
    ...set,
    lenient: true,
    certificates: certificates.filter((_, at) => !isLeftOut[at]),
  }
  sets.set(key, made)
  return made
}

const timestampList = '1.3.6.1.4.1.11129.2.4.2'

function issuedLeaf(der: Uint8Array): IssuedLeaf {
  const { notBefore, decoded, extensions } = parseLeaf(der)
  const list = extensions.find(({ oid }) => oid === timestampList)
  return {
    issuedAt: notBefore,
    loggedAt: list ? timesIn(list.value) : [],
    dnsNames: textsOf(decoded.subjectAltName).dns,
  }
}

/** An unreadable list has no times, and lint names its fault. */
function timesIn(value: Uint8Array): number[] {
  try {
    return readSctList(value).map(({ at }) => at.getTime())
  } catch {
    return []
  }
}
