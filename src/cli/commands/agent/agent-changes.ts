import { z } from 'zod'
import { parseOrigin } from '../../../domain/origin-url.ts'
import { changedOrigin } from '../../flags/origin.ts'
import { certificateLine, domainFacts } from './agent-facts.ts'
import { agentFiles } from './agent-files.ts'
import { agentTool, type AgentTool } from './agent-tool.ts'

const domain = z.string().min(1).max(255)
const origin = z.string().min(1).max(2048).describe('Such as http://127.0.0.1:3000.')
const only = (changes: string) => `Only where the person allows agents to change ${changes}.`

/** Tools that change something. The engine refuses them unless the person allowed it. */
export const agentChanges: AgentTool[] = [
  agentTool({
    name: 'add_domain',
    description: `Add a domain with its origin. ${only('domains')}`,
    inputSchema: { domain, origin },
    isChange: true,
    run: async (client, input) => {
      const added = await client.domains.add({ name: input.domain, origin: parseOrigin(input.origin) })
      return domainFacts(added.domain)
    },
  }),
  agentTool({
    name: 'set_origin',
    description: `Change the origin of a domain. ${only('domains')}`,
    inputSchema: { domain, origin },
    isChange: true,
    run: async (client, input) => {
      const now = await client.domains.get({ domain: input.domain })
      const wanted = changedOrigin(now.origin, { origin: input.origin })
      const changed = await client.domains.setOrigin({
        domain: input.domain,
        origin: wanted,
        read: now.origin,
      })
      return domainFacts(changed.domain)
    },
  }),
  agentTool({
    name: 'enable_https',
    description: `Turn HTTPS on for a domain, with a free certificate of the local authority or one in the vault. ${only('certificates')}`,
    inputSchema: {
      domain,
      certificate: z.string().max(255).optional().describe('Name or ID in the vault; default: a free one.'),
    },
    isChange: true,
    run: async (client, input) => {
      const source =
        input.certificate === undefined
          ? ({ type: 'free' } as const)
          : await client.certificates
              .find({ reference: input.certificate })
              .then(({ id }) => ({ type: 'vault' as const, certificateId: id }))
      const enabled = await client.https.enable({ domain: input.domain, source, keepOld: true })
      return domainFacts(enabled.domain)
    },
  }),
  agentTool({
    name: 'import_certificate',
    description: `Import a certificate and its key into the vault, from files on this computer. ${only('certificates')}`,
    inputSchema: {
      paths: z.array(z.string().min(1).max(4096)).min(1).max(20),
      name: z.string().min(1).max(120).optional(),
    },
    isChange: true,
    run: async (client, { paths, name }) => {
      const { stagingId } = await client.staging.open({ files: await agentFiles(client, { paths }) })
      try {
        return certificateLine(await client.certificates.import({ stagingId, name }))
      } finally {
        await client.staging.discard({ stagingId })
      }
    },
  }),
]
