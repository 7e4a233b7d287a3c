import { EdgekeepError } from '../../contract/errors/registry.ts'

const perMinute = 120

export type AgentRateLimit = ReturnType<typeof createAgentRateLimit>

/** Rate limit of the calls of all agents together. `uptime` in milliseconds. */
export function createAgentRateLimit(uptime: () => number) {
  let recent: number[] = []
  return {
    /** @throws `agent.too_many_calls` */
    count(): void {
      const now = uptime()
      recent = recent.filter((at) => at > now - 60_000)
      if (recent.length >= perMinute) throw new EdgekeepError('agent.too_many_calls', { perMinute })
      recent.push(now)
    },
  }
}
