import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'

const id = 'a'.repeat(64)

export interface FakeDocker {
  /** Value of DOCKER_HOST. */
  host: string
  /** Commands that were run in the container, and `PUT FOLDER` for files. */
  acts: string[]
  /** Methods and paths of all calls. */
  calls: string[]
  container: { running: boolean; name: string; address: string; gateway: string; labels: object }
  /** Output of the probe for a trust store. */
  store: string
  hosts: string
  /** Answers every call with a failure. */
  isFailing: boolean
  emit(action: string): void
  close(): void
}

/** Docker's API for one container, on a Unix socket. */
export async function startFakeDocker(folder: string): Promise<FakeDocker> {
  const socket = join(folder, 'docker.sock')
  const streams: ServerResponse[] = []
  const outputs = new Map<string, string>()
  const fake: FakeDocker = {
    host: `unix://${socket}`,
    acts: [],
    calls: [],
    container: { running: true, name: '/web', address: '127.0.0.1', gateway: '127.0.0.1', labels: {} },
    store: 'debian\n',
    hosts: '127.0.0.1 localhost\n',
    isFailing: false,
    emit(action) {
      for (const stream of streams)
        stream.write(`${JSON.stringify({ Type: 'container', Action: action, Actor: { ID: id } })}\n`)
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }

  function outputOf(command: string[]): string {
    fake.acts.push(command.join(' '))
    if (command[2]?.includes('command -v')) return fake.store
    return command[0] === 'cat' ? fake.hosts : ''
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://docker')
    fake.calls.push(`${request.method} ${url.pathname}`)
    const body = Buffer.concat(await request.toArray()).toString('utf8')
    const json = (value: unknown) => response.end(JSON.stringify(value))
    const [, , kind, name = '', act = ''] = url.pathname.split('/')
    if (kind === 'events') {
      streams.push(response)
      return response.flushHeaders()
    }
    const isUnknown = kind === 'containers' && ![id, 'web', 'json'].includes(name)
    if (fake.isFailing || isUnknown) {
      response.statusCode = fake.isFailing ? 500 : 404
      return void json({ message: 'no such container\u001b[2J' })
    }
    if (kind === 'containers' && name === 'json') return void json(isListed(url) ? [{ Id: id }] : [])
    if (act === 'json' && kind === 'containers') return void json(inspected())
    if (act === 'archive') fake.acts.push(`PUT ${url.searchParams.get('path')}`)
    if (act === 'exec') {
      const exec = String(outputs.size)
      outputs.set(exec, outputOf((JSON.parse(body) as { Cmd: string[] }).Cmd))
      return void json({ Id: exec })
    }
    if (act === 'start') return void response.end(framed(outputs.get(name) ?? ''))
    json({ ExitCode: 0 })
  }

  const isListed = (url: URL) => {
    const { label = [] } = JSON.parse(url.searchParams.get('filters') ?? '{}') as { label?: string[] }
    const labels = Object.entries(fake.container.labels)
    return label.every((wanted) =>
      labels.some(([key, value]) => wanted === key || wanted === `${key}=${value}`),
    )
  }

  const inspected = () => {
    const { running, name, address, gateway, labels } = fake.container
    return {
      Id: id,
      Name: name,
      State: { Running: running },
      HostConfig: { NetworkMode: 'bridge' },
      Config: { Image: 'shop:1', Labels: labels, ExposedPorts: { '3000/tcp': {}, '53/udp': {} } },
      NetworkSettings: { Networks: { bridge: { IPAddress: address, Gateway: gateway } } },
    }
  }

  const server = createServer((request, response) => void answer(request, response)).listen(socket)
  await once(server, 'listening')
  return fake
}

function framed(text: string): Buffer {
  const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])
  head.writeUInt32BE(Buffer.byteLength(text), 4)
  return Buffer.concat([head, Buffer.from(text)])
}
