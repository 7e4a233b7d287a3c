import type { CertificateFacts, Verification } from '../../../../contract/inspect/certificate-facts.ts'
import { groupBy } from '../../../../domain/group-by.ts'

export type NodeState = 'holds' | 'unused' | 'broken' | 'missing'

/** A certificate of the graph, or a placeholder for a missing issuer. */
export interface ChainNode {
  /** Fingerprint, or `missing:` and the issuer's name. */
  id: string
  title: string
  /** Levels above the leaf. */
  level: number
  /** Position within the level, from 0. */
  column: number
  state: NodeState
  /** Trust anchor of the valid path. */
  isAnchor: boolean
  /** Reason why validation failed at this certificate; empty if it did not. */
  fault: string
}

/** Signature: `from` below was signed by `to` above. */
export interface ChainEdge {
  from: string
  to: string
  state: NodeState
}

export interface ChainGraph {
  nodes: ChainNode[]
  edges: ChainEdge[]
  levels: number
  columns: number
}

type Step = Verification['path'][number]

/**
 * Merges all candidate paths from the leaf into one graph: the valid path, failed paths with their faults,
 * and unused issuers among `certificates`.
 */
export function layOut(
  verification: Verification,
  certificates: readonly CertificateFacts[],
  expiredWords: (facts: CertificateFacts) => string,
): ChainGraph {
  const factsOf = (fingerprint: string) =>
    certificates.find(({ fingerprintSha256 }) => fingerprintSha256 === fingerprint)
  const nodes = new Map<string, Omit<ChainNode, 'column'>>()
  const edges = new Map<string, ChainEdge>()

  function add(step: Step, level: number, state: NodeState, fault = ''): void {
    const known = nodes.get(step.fingerprintSha256)
    if (known && (known.state === 'holds' || state !== 'broken')) {
      known.level = Math.max(known.level, level)
      return
    }
    const base = { id: step.fingerprintSha256, title: step.title, isAnchor: false }
    nodes.set(step.fingerprintSha256, { ...base, level: Math.max(level, known?.level ?? 0), state, fault })
  }

  function connect(from: string, to: string, state: NodeState): void {
    const id = `${from} ${to}`
    if (!edges.has(id)) edges.set(id, { from, to, state })
  }

  for (const [level, step] of verification.path.entries()) {
    add(step, level, 'holds')
    const above = verification.path[level + 1]
    if (above) connect(step.fingerprintSha256, above.fingerprintSha256, 'holds')
  }
  const anchor = nodes.get(verification.path.at(-1)?.fingerprintSha256 ?? '')
  if (anchor) anchor.isAnchor = true

  for (const { certificates: steps, broken } of verification.candidates) {
    if (!broken) continue
    for (const [level, step] of steps.entries()) {
      const breaks = broken.index === level
      add(step, level, breaks ? 'broken' : 'unused', breaks ? broken.message : '')
      const above = steps[level + 1]
      const broke = broken.index === level || broken.index === level + 1
      if (above) connect(step.fingerprintSha256, above.fingerprintSha256, broke ? 'broken' : 'unused')
    }
    const top = steps.at(-1)
    const facts = top && factsOf(top.fingerprintSha256)
    if (!top || !facts || facts.isSelfSigned || anchor?.id === top.fingerprintSha256) continue
    if (verification.path.some(({ fingerprintSha256 }) => fingerprintSha256 === top.fingerprintSha256))
      continue
    const id = `missing:${facts.issuer}`
    const base = { id, title: commonName(facts.issuer), isAnchor: false, fault: '' }
    nodes.set(id, { ...base, level: steps.length, state: 'missing' })
    connect(top.fingerprintSha256, id, 'missing')
  }
  for (const below of [...nodes.values()]) {
    const issuer = factsOf(below.id)?.issuer
    for (const facts of certificates) {
      if (!facts.isCa || facts.subject !== issuer || facts.isSelfSigned || nodes.has(facts.fingerprintSha256))
        continue
      const fault = expiredWords(facts)
      add(
        { title: facts.title, fingerprintSha256: facts.fingerprintSha256 },
        below.level + 1,
        fault ? 'broken' : 'unused',
        fault,
      )
      connect(below.id, facts.fingerprintSha256, fault ? 'broken' : 'unused')
    }
  }
  return placed([...nodes.values()], [...edges.values()])
}

/** The valid path comes first in each level, so that it reads as one line. */
function placed(nodes: Omit<ChainNode, 'column'>[], edges: ChainEdge[]): ChainGraph {
  const byLevel = groupBy(nodes, ({ level }) => level)
  const ordered = [...byLevel.values()].flatMap((same) =>
    same
      .toSorted((one, other) => Number(other.state === 'holds') - Number(one.state === 'holds'))
      .map((node, column) => ({ ...node, column })),
  )
  const columns = Math.max(0, ...[...byLevel.values()].map(({ length }) => length))
  return { nodes: ordered, edges, levels: byLevel.size === 0 ? 0 : Math.max(...byLevel.keys()) + 1, columns }
}

/** Common name of an RFC 4514 string, else the whole string. */
function commonName(name: string): string {
  return /(?:^|,\s*)CN=((?:\\.|[^,\\])+)/.exec(name)?.[1]?.replace(/\\(.)/g, '$1') ?? name
}
