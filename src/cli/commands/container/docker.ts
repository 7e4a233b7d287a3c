import { statSync } from 'node:fs'
import { Client, type Dispatcher } from 'undici'
import { EdgekeepError } from '../../../contract/errors/registry.ts'

/*
 * Docker's API over its socket, of Docker or Podman. Threat: who has the socket is root, so it is opened by a command
 * that a person runs, never by the engine, and only if it is root's or the person's. What comes from containers
 * (names, labels, output of programs) is text of strangers: bounded, parsed, and never part of a path or a shell's line.
 */

const mostBytes = 8 * 1024 * 1024
const timeoutMs = 60_000

export type Docker = Awaited<ReturnType<typeof openDocker>>

type Query = [name: string, value: string][]

interface Call {
  method?: Dispatcher.HttpMethod
  query?: Query
  json?: unknown
  body?: Uint8Array
}

/** @throws `container.no_engine` */
export async function openDocker(environment: NodeJS.ProcessEnv = process.env) {
  const client = new Client('http://localhost', {
    socketPath: socketOf(environment),
    headersTimeout: timeoutMs,
    bodyTimeout: 0,
    maxResponseSize: mostBytes,
  })
  const request = async ({ method = 'GET', query = [], json, body }: Call, path: string[]) => {
    const answer = await client
      .request({
        method,
        path: pathOf(path, query),
        headers: json === undefined ? {} : { 'content-type': 'application/json' },
        body: json === undefined ? (body ?? null) : JSON.stringify(json),
      })
      .catch((error: unknown) => {
        throw new EdgekeepError('container.no_engine', {}, { cause: error })
      })
    if (answer.statusCode < 400) return answer
    throw new EdgekeepError('container.refused', { reason: await reasonOf(answer) })
  }
  return {
    /** @throws `container.refused` if the answer is a failure */
    async get(path: string[], query: Query = []): Promise<unknown> {
      const { body } = await request({ query }, path)
      return body.json()
    },
    async send(call: Call, path: string[]): Promise<Buffer> {
      const { body } = await request(call, path)
      return Buffer.from(await body.arrayBuffer())
    },
    /** Lines of JSON until `signal` aborts. */
    async *follow(path: string[], query: Query, signal: AbortSignal): AsyncGenerator<unknown> {
      // Its body has no end, so it has a connection of its own.
      const own = new Client('http://localhost', { socketPath: socketOf(environment), bodyTimeout: 0 })
      signal.addEventListener('abort', () => void own.destroy(), { once: true })
      const { body } = await own.request({ method: 'GET', path: pathOf(path, query) })
      yield* jsonLines(body)
    },
    close: () => client.destroy(),
  }
}

/** Version 1.40 is Docker's of 2019; Podman speaks it too. */
function pathOf(path: string[], query: Query): string {
  const named = path.map(encodeURIComponent).join('/')
  return `/v1.40/${named}?${new URLSearchParams(query).toString()}`
}

const longestLine = 256 * 1024

async function* jsonLines(body: AsyncIterable<Buffer>): AsyncGenerator<unknown> {
  let rest = ''
  for await (const chunk of body) {
    const lines = (rest + chunk.toString('utf8')).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine) throw new EdgekeepError('container.no_engine', {})
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line)
  }
}

async function reasonOf({ body, statusCode }: Dispatcher.ResponseData): Promise<string> {
  const text = (await body.text().catch(() => '')).slice(0, 2_000)
  try {
    return String((JSON.parse(text) as { message: unknown }).message)
  } catch {
    return `status ${statusCode}`
  }
}

/** @throws `container.no_engine` */
function socketOf({ DOCKER_HOST, XDG_RUNTIME_DIR }: NodeJS.ProcessEnv): string {
  if (DOCKER_HOST !== undefined && DOCKER_HOST !== '') {
    const [, path] = /^(?:unix|npipe):\/\/(\/.+)$/.exec(DOCKER_HOST) ?? []
    // A computer elsewhere has no part in this computer's edge.
    if (path === undefined) throw new EdgekeepError('container.no_engine', {})
    return path
  }
  if (process.platform === 'win32') return '//./pipe/docker_engine'
  const found = [
    '/var/run/docker.sock',
    `${XDG_RUNTIME_DIR ?? ''}/podman/podman.sock`,
    '/run/podman/podman.sock',
  ]
    .filter((path) => path.startsWith('/'))
    .find(isOfTrusted)
  if (found === undefined) throw new EdgekeepError('container.no_engine', {})
  return found
}

/** Whether it is a socket of root or of this user; another user's could claim anything. */
function isOfTrusted(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat?.isSocket() === true && [0, process.getuid?.()].includes(stat.uid)
}
