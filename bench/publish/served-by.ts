import { get } from 'node:https'
import type { BenchServer } from './servers.ts'

const asked = 40
const timeoutMs = 3_000

/** Describes the answers of each server for some of the names. */
export async function servedBy(
  servers: readonly BenchServer[],
  names: readonly string[],
): Promise<Map<BenchServer, string>> {
  const some = names.filter((_, at) => at % Math.ceil(names.length / asked) === 0)
  const served = servers.map(async (server) => {
    const answers = await Promise.all(some.map((name) => hstsOf(server.namespace.inside, name)))
    const kinds = [...Map.groupBy(answers, (answer) => answer)]
    const only = kinds[0]?.[0] ?? ''
    if (kinds.length === 1) return [server, `${only} for all`] as const
    return [
      server,
      kinds.map(([answer, { length }]) => `${length} of ${some.length} ${answer}`).join('; '),
    ] as const
  })
  return new Map(await Promise.all(served))
}

function hstsOf(host: string, servername: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const options = { host, servername, rejectUnauthorized: false, agent: false, timeout: timeoutMs }
  const request = get({ ...options, headers: { host: servername } }, (response) => {
    response.resume()
    const seconds = Number(
      /max-age=(\d+)/.exec(response.headers['strict-transport-security'] ?? '')?.[1] ?? 0,
    )
    resolve(
      response.statusCode === 200 ? `HSTS of ${seconds / 86_400} days` : `status ${response.statusCode}`,
    )
  })
  request.on('timeout', () => request.destroy(new Error('no answer')))
  request.on('error', ({ message }) => resolve(`nothing (${message.slice(0, 40)})`))
  return promise
}
