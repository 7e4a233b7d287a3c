import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { AgentPermissions } from '../../contract/engine/agents.ts'
import type { Core } from './core.ts'
import { agentPermissions } from './settings.ts'

/** Fields of a call's input that the rules judge, not validated yet. */
interface AgentInput {
  domain?: unknown
  name?: unknown
  files?: unknown
  origin?: { protocol?: unknown } | null
  reveal?: unknown
  keepOld?: unknown
  acceptWorse?: unknown
}

interface AgentRule {
  changes?: keyof AgentPermissions
  /** Reason against this input, as the end of a sentence. */
  refuses?: (input: AgentInput) => string | false
}

/**
 * Calls that agents may make. Threat model: an agent follows texts that strangers wrote, so its connection may do only what
 * stands in the table below, whatever the program at the other end asks for. It never gets unmasked traffic, never
 * erases, and serves no folder, which would turn a domain into a way to read the person's files. Every call is a row
 * of the audit trail before it is carried out; where none can be written, in a locked vault, nothing is carried out.
 */
const rules = new Map<string, AgentRule>(
  Object.entries({
    'domains.list': {},
    'domains.get': {},
    'domains.check': {},
    'certificates.list': {},
    'certificates.find': {},
    'agents.readFiles': {},
    'inspect.open': {},
    'inspect.diagnose': {},
    'inspect.lint': {},
    'inspect.close': {},
    'traffic.watch': { refuses: ({ reveal }) => reveal === true && 'traffic is shown to them masked' },
    'domains.add': { changes: 'domains', refuses: folder },
    'domains.setOrigin': { changes: 'domains', refuses: folder },
    'staging.open': { changes: 'certificates' },
    'staging.discard': { changes: 'certificates' },
    'certificates.import': { changes: 'certificates' },
    'https.enable': { changes: 'certificates', refuses: erasure },
  } satisfies Record<string, AgentRule>),
)

function folder({ origin }: AgentInput): string | false {
  const isFolder = origin?.protocol === 'folder'
  return isFolder && 'a folder as an origin is for people to choose'
}

function erasure({ keepOld, acceptWorse }: AgentInput): string | false {
  return (
    (keepOld !== true || acceptWorse === true) && 'a swap by them keeps the old certificate and loses no name'
  )
}

/**
 * Records a call by an agent, and refuses those that it may not make.
 * @throws `agent.not_allowed`, `agent.never_allowed`, `agent.too_many_calls`, `vault.locked`
 */
export function admitAgentCall(
  { vault, agentRateLimit, topics }: Pick<Core, 'vault' | 'agentRateLimit' | 'topics'>,
  path: readonly string[],
  input: unknown,
): void {
  agentRateLimit.count()
  const subject = path.join('.')
  const fields = typeof input === 'object' && input !== null ? (input as AgentInput) : {}
  const refusal = refusalOf(agentPermissions.read(vault), subject, fields)
  vault.audit.record({
    actor: 'agent',
    action: refusal ? 'agent.refused' : 'agent.call',
    subject,
    before: null,
    after: namedIn(fields),
  })
  vault.cleanUp.attempt('windows', () => topics.statusChanged.publish({}))
  if (refusal) throw refusal
}

function refusalOf(
  permissions: AgentPermissions,
  path: string,
  input: AgentInput,
): EdgekeepError | undefined {
  const rule = rules.get(path)
  if (!rule) return new EdgekeepError('agent.never_allowed', { reason: 'it is not among their calls' })
  const { changes } = rule
  if (changes && !permissions[changes]) return new EdgekeepError('agent.not_allowed', { changes })
  const reason = rule.refuses?.(input)
  return reason ? new EdgekeepError('agent.never_allowed', { reason }) : undefined
}

const longestName = 253
const longestPath = 4096
const mostFiles = 20

/** Domain or paths of files of a call. An agent may send a key in place of them, which is not kept. */
function namedIn({ domain, name, files }: AgentInput): { domain: string } | { files: string[] } | null {
  const named = domain ?? name
  if (typeof named === 'string') return { domain: isName(named) ? named : withheld }
  const paths = Array.isArray(files) ? files.filter((file) => typeof file === 'string') : []
  return paths.length > 0 ? { files: paths.slice(0, mostFiles).map(recordedPath) } : null
}

function recordedPath(path: string): string {
  return /PRIVATE KEY|[\r\n]/i.test(path) ? withheld : path.slice(0, longestPath)
}

/** Whether each label is as short as one of a domain, which no key is. */
function isName(text: string): boolean {
  return text.length <= longestName && !/[\r\n]|[^.]{64}/.test(text)
}

const withheld = '(neither a name nor a path)'
