import { z } from 'zod'
import type { Client } from '../../../client/client.ts'
import { wholeDomain } from '../../../contract/domains/listed-domain.ts'
import { lintScopeSchema } from '../../../contract/inspect/lint.ts'
import { agentChanges } from './agent-changes.ts'
import { certificateLine, domainFacts, pieceFacts } from './agent-facts.ts'
import { agentFiles, filesInput, type GivenToAgent } from './agent-files.ts'
import { agentTool, type AgentTool } from './agent-tool.ts'

const questionInput = {
  ...filesInput,
  host: z.string().max(255).optional().describe('Name that the certificate has to cover.'),
  at: z.iso.datetime().optional().describe('Time to judge at, such as 2027-01-31T12:00:00Z; default: now.'),
}

/** Tools of `edgekeep mcp`, over the calls of the contract that an agent may make. */
export const agentTools: AgentTool[] = [
  agentTool({
    name: 'list_domains',
    description: 'List the domains with origin, HTTPS state, certificate and last check.',
    inputSchema: {},
    run: async (client) => (await client.domains.list()).map((domain) => domainFacts(wholeDomain(domain))),
  }),
  agentTool({
    name: 'list_certificates',
    description: 'List the certificates in the vault: names, validity, domains that use them. No keys.',
    inputSchema: {},
    run: async (client) => (await client.certificates.list()).map(certificateLine),
  }),
  agentTool({
    name: 'check_domain',
    description: 'Send real requests through the running edge and report each step.',
    inputSchema: { domain: z.string().min(1).max(255) },
    run: (client, { domain }) => client.domains.check({ domain }),
  }),
  agentTool({
    name: 'inspect',
    description: 'Show the contents of certificate and key files, with the first thing to do. Offline.',
    inputSchema: questionInput,
    run: (client, input) =>
      inspected(client, input, async (sessionId, report) => {
        const { host, at } = input
        const { diagnosis, others } = await client.inspect.diagnose({ sessionId, host, at })
        return { diagnosis, others, pieces: report.pieces.map(pieceFacts), problems: report.problems }
      }),
  }),
  agentTool({
    name: 'verify',
    description: 'Verify a certificate with its chain: validity, authority, signature and name. Offline.',
    inputSchema: questionInput,
    run: (client, input) =>
      inspected(client, input, async (sessionId, { problems }) => {
        const { host, at } = input
        const { verification } = await client.inspect.diagnose({ sessionId, host, at })
        return { verification, problems }
      }),
  }),
  agentTool({
    name: 'match',
    description: 'Tell which certificates and keys belong together, by public key. Keys by path only.',
    inputSchema: filesInput,
    run: (client, input) =>
      inspected(client, input, async (_sessionId, { pieces, bundles, keyMatch, problems }) => ({
        keyMatch,
        bundles,
        pieces: pieces.map(pieceFacts),
        problems,
      })),
  }),
  agentTool({
    name: 'lint',
    description: 'Check certificates against RFC 5280 and the Baseline Requirements. Offline.',
    inputSchema: { ...filesInput, as: lintScopeSchema.optional() },
    run: (client, input) =>
      inspected(client, input, async (sessionId, { problems }) => {
        const { ok, ...report } = await client.inspect.lint({ sessionId, as: input.as })
        // Unread pieces were not judged.
        return { ok: ok && report.certificates.length > 0 && problems.length === 0, ...report, problems }
      }),
  }),
  agentTool({
    name: 'recent_traffic',
    description: 'List the latest requests and refused handshakes at the edge, newest first, masked.',
    inputSchema: {
      domain: z.string().min(1).max(255).optional(),
      limit: z.number().int().min(1).max(200).default(50),
    },
    run: async (client, { domain, limit }) =>
      (await latestTraffic(client, domain)).toReversed().slice(0, limit),
  }),
  ...agentChanges,
]

type Report = Awaited<ReturnType<Client['inspect']['open']>>['report']

/** Opens files in the engine for one question, and closes them. */
async function inspected<T>(
  client: Client,
  input: GivenToAgent,
  ask: (sessionId: string, report: Report) => Promise<T>,
): Promise<T> {
  const files = await agentFiles(client, input)
  const { sessionId, report } = await client.inspect.open({ files })
  try {
    return await ask(sessionId, report)
  } finally {
    await client.inspect.close({ sessionId })
  }
}

async function latestTraffic(client: Client, domain: string | undefined) {
  const controller = new AbortController()
  const question = domain === undefined ? {} : { domain }
  for await (const event of await client.traffic.watch(question, { signal: controller.signal })) {
    controller.abort()
    return event.type === 'cleared' ? [] : event.rows
  }
  return []
}
