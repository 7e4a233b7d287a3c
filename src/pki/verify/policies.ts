import { rfc5280, type Breach } from './breach.ts'
import type { PolicyMapping } from '../x509/extension-contents.ts'
import type { Certificate } from '../x509/certificate.ts'

/** The policy inputs of RFC 5280, section 6.1.1. */
export interface PolicyInputs {
  /** OIDs of acceptable policies; absent: any. */
  acceptable?: string[]
  requireExplicit?: boolean
  inhibitMapping?: boolean
  inhibitAny?: boolean
}

const anyPolicy = '2.5.29.32.0'

interface PolicyNode {
  policy: string
  expected: Set<string>
  parents: PolicyNode[]
}
type Level = Map<string, PolicyNode>

/**
 * Policy part of path validation (RFC 5280, section 6.1) on the graph of RFC 9618: a depth has at most one
 * node per policy, so policies cannot multiply. `path` is leaf first and ends with the anchor, which is not
 * processed.
 */
export function policyBreach(path: Certificate[], inputs: PolicyInputs): Breach | undefined {
  const certificates = path.slice(0, -1).reverse()
  const state = new PolicyState(inputs)
  for (const [position, certificate] of certificates.entries()) {
    const index = certificates.length - 1 - position
    const fault = state.step(certificate, index === 0)
    if (fault)
      return {
        code: 'policy',
        message: `${fault} (at “${certificate.title}”).`,
        index,
        reference: rfc5280('6.1.3'),
      }
  }
  if (state.accepts(inputs.acceptable)) return undefined
  const message = 'A certificate policy is required, and the path holds for none that is acceptable.'
  return { code: 'policy', message, index: 0, reference: rfc5280('6.1.5') }
}

class PolicyState {
  /** Null when no policy is valid any more. */
  private level: Level | null = new Map([
    [anyPolicy, { policy: anyPolicy, expected: new Set([anyPolicy]), parents: [] }],
  ])
  /** Certificates until each takes effect; 6.1.2 starts with more than the path has. */
  private explicit: number
  private mapping: number
  private any: number

  constructor(inputs: PolicyInputs) {
    this.explicit = inputs.requireExplicit ? 0 : Infinity
    this.mapping = inputs.inhibitMapping ? 0 : Infinity
    this.any = inputs.inhibitAny ? 0 : Infinity
  }

  step(certificate: Certificate, isLeaf: boolean): string | undefined {
    this.takePolicies(certificate, isLeaf)
    if (this.explicit === 0 && !this.level) return 'A certificate policy is required, and none is valid here'
    if (isLeaf) return this.wrapUp(certificate)
    const mappings = certificate.decoded.policyMappings ?? []
    if (mappings.some((mapping) => mapping.issuerDomain === anyPolicy || mapping.subjectDomain === anyPolicy))
      return 'A policy is mapped to or from any policy'
    this.takeMappings(mappings)
    this.countDown(certificate)
    return undefined
  }

  /** Section 6.1.3 (d) and (e). */
  private takePolicies(certificate: Certificate, isLeaf: boolean): void {
    const { level } = this
    const policies = certificate.decoded.certificatePolicies?.map(({ oid }) => oid)
    if (!level || !policies) {
      this.level = null
      return
    }
    const anyCounts = policies.includes(anyPolicy) && (this.any > 0 || (!isLeaf && certificate.isSelfIssued))
    const next = nextLevel(level, policies, anyCounts)
    this.level = next.size > 0 ? next : null
  }

  /** Section 6.1.4 (b), as amended by RFC 9618, section 5.4. */
  private takeMappings(mappings: PolicyMapping[]): void {
    const { level } = this
    if (!level) return
    for (const [policy, group] of Map.groupBy(mappings, (mapping) => mapping.issuerDomain)) {
      if (this.mapping === 0) level.delete(policy)
      else mapPolicy(level, policy, new Set(group.map((mapping) => mapping.subjectDomain)))
    }
  }

  /** Section 6.1.4 (h) to (j). */
  private countDown(certificate: Certificate): void {
    if (!certificate.isSelfIssued) {
      this.explicit = Math.max(0, this.explicit - 1)
      this.mapping = Math.max(0, this.mapping - 1)
      this.any = Math.max(0, this.any - 1)
    }
    const { policyConstraints, inhibitAnyPolicy } = certificate.decoded
    this.explicit = Math.min(this.explicit, policyConstraints?.requireExplicit ?? this.explicit)
    this.mapping = Math.min(this.mapping, policyConstraints?.inhibitMapping ?? this.mapping)
    this.any = Math.min(this.any, inhibitAnyPolicy ?? this.any)
  }

  /** Section 6.1.5 (a) and (b). */
  private wrapUp(certificate: Certificate): undefined {
    this.explicit = Math.max(0, this.explicit - 1)
    if (certificate.decoded.policyConstraints?.requireExplicit === 0) this.explicit = 0
  }

  /** Section 6.1.5 (g). */
  accepts(acceptable: string[] | undefined): boolean {
    return this.explicit > 0 || (this.level !== null && holdsFor(this.level, acceptable))
  }
}

/**
 * The nodes of the next depth: its policies, and with anyPolicy also the expected ones that are not listed.
 */
function nextLevel(level: Level, policies: string[], anyCounts: boolean): Level {
  const expecting = nodesByExpectation(level)
  const any = level.get(anyPolicy)
  const next: Level = new Map()
  const add = (policy: string, parents: PolicyNode[]) =>
    next.set(policy, { policy, expected: new Set([policy]), parents })
  for (const policy of policies) {
    const parents = expecting.get(policy) ?? (any ? [any] : [])
    if (policy !== anyPolicy && parents.length > 0) add(policy, parents)
  }
  for (const [policy, parents] of anyCounts ? expecting : []) add(policy, parents)
  return next
}

function nodesByExpectation(level: Level): Map<string, PolicyNode[]> {
  const nodes = new Map<string, PolicyNode[]>()
  for (const node of level.values())
    for (const policy of node.expected) {
      const same = nodes.get(policy)
      if (same) same.push(node)
      else nodes.set(policy, [node])
    }
  return nodes
}

function mapPolicy(level: Level, policy: string, expected: Set<string>): void {
  const node = level.get(policy)
  const any = level.get(anyPolicy)
  if (node) node.expected = expected
  else if (any)
    level.set(policy, {
      policy,
      expected,
      parents: any.parents.filter((parent) => parent.policy === anyPolicy),
    })
}

/**
 * Whether one of the `acceptable` policies is valid for the leaf, in the anchor's domain: those are the
 * topmost named policies above the leaf's nodes (RFC 9618, section 5.5).
 */
function holdsFor(level: Level, acceptable: string[] | undefined): boolean {
  if (!acceptable || acceptable.includes(anyPolicy) || level.has(anyPolicy)) return true
  const seen = new Set<PolicyNode>()
  const open = [...level.values()]
  for (let node = open.pop(); node; node = open.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    const fromAny = node.parents.some((parent) => parent.policy === anyPolicy)
    if (node.policy !== anyPolicy && fromAny && acceptable.includes(node.policy)) return true
    open.push(...node.parents)
  }
  return false
}
