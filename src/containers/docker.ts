import { statSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { EdgekeepError } from '../contract/errors/registry.ts'

/*
 * Docker's API over its socket, of Docker or Podman. Threat: access to the socket is root access, so calls that change
 * something are made by a command that a person runs, never by the engine, which has `containers/reader` alone; and it
 * is opened only if it is root's or the person's. Names, labels and output of containers are untrusted: bounded, parsed,
 * and never part of a path or a shell's command line.
 */

const mostBytes = 8 * 1024 * 1024
/** Until an answer begins; until a read has ended; until a tool in a container has. */
const timeouts = { headMs: 60_000, readMs: 20_000, toolMs: 15 * 60_000 }

export type Docker = ReturnType<typeof openDocker>

type Query = [name: string, value: string][]

interface Call {
  method?: 'GET' | 'POST' | 'PUT'
  query?: Query
  json?: unknown
  body?: Uint8Array
  signal?: AbortSignal
}

/** @throws `container.no_engine` */
export function openDocker(
  environment: NodeJS.ProcessEnv = process.env,
  { headMs, readMs, toolMs } = timeouts,
) {
  const agent = new Agent()
  const socketPath = socketOf(environment)
  const call = async ({ query = [], json, body, ...rest }: Call, path: string[]) => {
    const headers = json === undefined ? {} : { 'content-type': 'application/json' }
    const sent = request({ ...rest, agent, socketPath, path: pathOf(path, query), headers })
    sent.end(json === undefined ? body : JSON.stringify(json))
    const answer = await answerTo(sent, headMs)
    if ((answer.statusCode ?? 0) < 400) return answer
    throw new EdgekeepError('container.refused', { reason: await reasonOf(answer) })
  }
  return {
    /** @throws `container.refused` if the answer is a failure, `container.no_engine` if it is no JSON */
    async get(path: string[], query: Query = []): Promise<unknown> {
      return parsed(await wholeBody(await call({ query, signal: AbortSignal.timeout(readMs) }, path)))
    },
    async send(sent: Call, path: string[]): Promise<Buffer> {
      return wholeBody(await call({ signal: AbortSignal.timeout(toolMs), ...sent }, path))
    },
    /** Lines of JSON until `signal` aborts. */
    async *follow(path: string[], query: Query, signal: AbortSignal): AsyncGenerator<unknown> {
      yield* jsonLines(await call({ query, signal }, path))
    },
    close: () => agent.destroy(),
  }
}

const noEngine = (cause?: unknown) => new EdgekeepError('container.no_engine', {}, { cause })

function answerTo(sent: ReturnType<typeof request>, headMs: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.setTimeout(headMs, () => sent.destroy(new Error('timeout')))
    sent.once('response', (answer) => {
      // A tool in a container may be silent for longer.
      sent.setTimeout(0)
      resolve(answer)
    })
    // Stays for failures after the response, which end its body too.
    sent.on('error', (error) => reject(noEngine(error)))
  })
}

/** @throws `container.no_engine` if it breaks off or is larger than any answer */
async function wholeBody(answer: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  try {
    for await (const chunk of answer) {
      sizeBytes += chunk.length
      if (sizeBytes > mostBytes) throw new RangeError('too large')
      chunks.push(chunk)
    }
  } catch (error) {
    throw noEngine(error)
  }
  return Buffer.concat(chunks)
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw noEngine(error)
  }
}

/** Version 1.40 is Docker's of 2019; Podman speaks it too. */
function pathOf(path: string[], query: Query): string {
  const named = path.map(encodeURIComponent).join('/')
  return `/v1.40/${named}?${new URLSearchParams(query).toString()}`
}

const longestLine = 256 * 1024

async function* jsonLines(answer: IncomingMessage): AsyncGenerator<unknown> {
  let rest = ''
  try {
    for await (const chunk of answer.setEncoding('utf8') as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > longestLine) throw new RangeError('too long')
      for (const line of lines) if (line.trim() !== '') yield JSON.parse(line)
    }
  } catch (error) {
    throw noEngine(error)
  }
}

async function reasonOf(answer: IncomingMessage): Promise<string> {
  try {
    const text = (await wholeBody(answer)).toString('utf8')
    return String((JSON.parse(text) as { message: unknown }).message).slice(0, 2_000)
  } catch {
    return `status ${answer.statusCode}`
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
    .find(isTrustedSocket)
  if (found === undefined) throw new EdgekeepError('container.no_engine', {})
  return found
}

/** Whether it is a socket of root or of this user; another user's could claim anything. */
function isTrustedSocket(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat?.isSocket() === true && [0, process.getuid?.()].includes(stat.uid)
}
