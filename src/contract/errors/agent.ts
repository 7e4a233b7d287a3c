import { z } from 'zod'
import { define } from './define.ts'

/** Refusals of calls by agents (`edgekeep mcp`). */
export const agentErrors = {
  'agent.not_allowed': define(
    'state',
    z.object({ changes: z.enum(['domains', 'certificates']) }),
    ({ changes }) =>
      `Agents may not change ${changes} here. The person at this computer can allow it on the Settings page, under Agents, or with: edgekeep settings --agents-may ${changes}`,
  ),
  'agent.never_allowed': define(
    'state',
    z.object({ reason: z.string() }),
    ({ reason }) => `Agents cannot do this: ${reason}. Use the window or the command line.`,
  ),
  'agent.too_many_calls': define(
    'state',
    z.object({ perMinute: z.number().int() }),
    ({ perMinute }) => `Agents may make ${perMinute} calls a minute. Wait a minute, then try again.`,
  ),
}
