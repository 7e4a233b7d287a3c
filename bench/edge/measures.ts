import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import WebSocket from 'ws'
import { frame, preface, requestBlock } from '../../test/support/edge/http2-frames.ts'
import { cpuSeconds, residentMegabytes, runTool, type ToolResult } from './processes.ts'
import type { Setup } from './peers.ts'
import type { BenchServer } from './servers.ts'

/** Warm-up: compiles the code and fills the caches. */
const warmUpSeconds = 2
const warmUpHandshakes = 1_000

const mostSwapMs = 10_000

export type Figures = Record<string, number>

export interface Measure extends Setup {
  name: string
  /** Needs a fresh server. */
  isFresh?: true
  take(server: BenchServer): Promise<Figures>
}

const url = (server: BenchServer, path: string) => `https://localhost:${server.port}${path}`

async function withCpu<T>(server: BenchServer, act: () => Promise<T>): Promise<{ result: T; cpu: number }> {
  const before = cpuSeconds(server.pid)
  const result = await act()
  return { result, cpu: cpuSeconds(server.pid) - before }
}

async function http1(server: BenchServer, connections: number, seconds: number): Promise<Figures> {
  await runTool('wrk', ['-t1', `-c${connections}`, `-d${warmUpSeconds}s`, url(server, '/1k')])
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', url(server, '/1k')]
  const { result, cpu } = await withCpu(server, () => runTool('wrk', args))
  const requests = numberIn(result.output, /(\d+) requests in/)
  const failed = numberIn(result.output, /Non-2xx or 3xx responses: (\d+)/) || 0
  return {
    'requests/s': numberIn(result.output, /Requests\/sec:\s+([\d.]+)/),
    'CPU s/10,000': (cpu / requests) * 10_000,
    'p50 µs': microseconds(result.output, /50%\s+([\d.]+)(us|ms|s)/),
    'p99 µs': microseconds(result.output, /99%\s+([\d.]+)(us|ms|s)/),
    failed,
  }
}

async function http2(server: BenchServer, seconds: number, folder: string): Promise<Figures> {
  const log = join(folder, 'h2load.log')
  await http2Load(server, warmUpSeconds, '/dev/null')
  rmSync(log, { force: true })
  const { result, cpu } = await withCpu(server, () => http2Load(server, seconds, log))
  const durations = readFileSync(log, 'latin1')
    .trim()
    .split('\n')
    .map((line) => Number(line.split('\t')[2]))
  const succeeded = numberIn(result.output, /(\d+) 2xx/)
  return {
    'requests/s': succeeded / seconds,
    'CPU s/10,000': (cpu / succeeded) * 10_000,
    ...percentiles(durations),
    failed: numberIn(result.output, /(\d+) failed/),
  }
}

function percentiles(durations: number[]): Figures {
  const sorted = Float64Array.from(durations).toSorted()
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  return { 'p50 µs': at(0.5), 'p99 µs': at(0.99) }
}

/** One line a request in the log: start in microseconds, status, duration in microseconds. `h2load(1)`. */
function http2Load(server: BenchServer, seconds: number, log: string): Promise<ToolResult> {
  const args = [
    '-t1',
    '-c16',
    '-m16',
    '-D',
    String(seconds),
    '--sni=localhost',
    `--log-file=${log}`,
    '-H',
    ':authority: localhost',
    `https://127.0.0.1:${server.port}/1k`,
  ]
  return runTool('h2load', args)
}

async function download(server: BenchServer, version: string): Promise<Figures> {
  const format = '%{size_download} %{time_total}'
  const args = ['-4', '-sk', version, '-o', '/dev/null', '-w', format, url(server, '/1g')]
  const { result, cpu } = await withCpu(server, () => runTool('curl', args))
  const [bytes = 0, seconds = 1] = result.output.split(' ').map(Number)
  return { 'MB/s': bytes / 1e6 / seconds, 'CPU s/GiB': (cpu / bytes) * 2 ** 30 }
}

/** Upload of a file of zeroes, by `curl -T`. */
async function upload(server: BenchServer, file: string): Promise<Figures> {
  const format = '%{size_upload} %{time_total}'
  const args = ['-4', '-sk', '--http1.1', '-H', 'Expect:', '-T', file, '-w', format, '-o', '/dev/null']
  const { result, cpu } = await withCpu(server, () => runTool('curl', [...args, url(server, '/upload')]))
  const [bytes = 0, seconds = 1] = result.output.split(' ').map(Number)
  return { 'MB/s': bytes / 1e6 / seconds, 'CPU s/GiB': (cpu / bytes) * 2 ** 30 }
}

/** Each connection sends its next message when the last has come back. */
async function websockets(server: BenchServer, connections: number, seconds: number): Promise<Figures> {
  const message = Buffer.alloc(128, 'x')
  let echoed = 0
  const sockets = await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = new WebSocket(`wss://localhost:${server.port}/socket`, {
        rejectUnauthorized: false,
        perMessageDeflate: false,
        family: 4,
      })
      socket.on('error', () => socket.terminate())
      await once(socket, 'open')
      socket.on('message', () => {
        echoed += 1
        socket.send(message)
      })
      socket.send(message)
      return socket
    }),
  )
  await new Promise((resolve) => setTimeout(resolve, warmUpSeconds * 1000))
  echoed = 0
  const { cpu } = await withCpu(
    server,
    () => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000)),
  )
  for (const socket of sockets) socket.terminate()
  return { 'messages/s': echoed / seconds, 'CPU s/10,000': (cpu / echoed) * 10_000 }
}

/** Time from the request to swap until the first handshake with the other certificate. */
async function swap(server: BenchServer, times: number): Promise<Figures> {
  const taken: number[] = []
  for (let at = 0; at < times; at += 1) {
    const startedAt = performance.now()
    const wanted = server.swap?.()
    while ((await shown(server)) !== wanted) {
      if (performance.now() - startedAt > mostSwapMs)
        throw new Error(`${server.name} shows no new certificate within ${mostSwapMs / 1000} s.`)
    }
    taken.push(performance.now() - startedAt)
  }
  return { 'ms to effect': taken.sort((a, b) => a - b)[Math.floor(times / 2)] ?? Number.NaN }
}

async function shown(server: BenchServer): Promise<string> {
  const socket = await open(server)
  const fingerprint256 = socket.getPeerX509Certificate()?.fingerprint256 ?? ''
  socket.destroy()
  return fingerprint256
}

/** Handshakes by Node's client, because `openssl s_time` sends no server name and is rightly refused. */
async function fullHandshakes(server: BenchServer, count: number): Promise<Figures> {
  const repeat = async (times: number): Promise<void> => {
    for (let at = 0; at < times; at += 1) (await openWithTicket(server)).destroy()
  }
  await repeat(warmUpHandshakes)
  const { cpu } = await withCpu(server, () => repeat(count))
  return { 'CPU ms each': (cpu / count) * 1000 }
}

async function resumedHandshakes(server: BenchServer, count: number): Promise<Figures> {
  const first = await open(server)
  const got = once(first, 'session') as Promise<[Buffer]>
  first.write('GET /1k HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const [session] = await got
  first.destroy()
  for (let at = 0; at < warmUpHandshakes; at += 1) (await open(server, { session })).destroy()
  let resumed = 0
  const { cpu } = await withCpu(server, async () => {
    for (let at = 0; at < count; at += 1) {
      const socket = await open(server, { session })
      if (socket.isSessionReused()) resumed += 1
      socket.destroy()
    }
  })
  return { 'CPU ms each': (cpu / count) * 1000, 'resumed %': (resumed / count) * 100 }
}

/** Over HTTP/2 each connection has been asked for 1 KiB before. */
async function idle(server: BenchServer, count: number, protocol = 'http/1.1'): Promise<Figures> {
  const fresh = residentMegabytes(server.pid)
  const sockets: TLSSocket[] = []
  for (let at = 0; at < count; at += 50) {
    sockets.push(...(await Promise.all(Array.from({ length: 50 }, () => open(server, { protocol })))))
  }
  if (protocol === 'h2') for (const socket of sockets) socket.resume().write(http2Request)
  await new Promise((resolve) => setTimeout(resolve, 500))
  const loaded = residentMegabytes(server.pid)
  for (const socket of sockets) socket.destroy()
  return { 'fresh MB': fresh, [`MB with ${count}`]: loaded }
}

/**
 * Waits for the ticket, which proves that the server has finished the handshake: a client that leaves earlier
 * aborts it.
 */
async function openWithTicket(server: BenchServer): Promise<TLSSocket> {
  const socket = await open(server)
  // Before TLS 1.3 the ticket is part of the handshake.
  if (socket.getProtocol() !== 'TLSv1.3') return socket
  await new Promise<void>((resolve, reject) => {
    socket.once('session', () => resolve())
    socket.once('close', () => reject(new Error(`${server.name} closed a connection that was just made`)))
  })
  return socket
}

const http2Request = Buffer.concat([preface, frame('headers', 5, 1, requestBlock('localhost', '/1k'))])

async function open(
  server: BenchServer,
  { session, protocol = 'http/1.1' }: { session?: Buffer; protocol?: string } = {},
): Promise<TLSSocket> {
  const socket = connect({
    host: '127.0.0.1',
    port: server.port,
    servername: 'localhost',
    rejectUnauthorized: false,
    ALPNProtocols: [protocol],
    ...(session ? { session } : {}),
  })
  // A reset counts as a close.
  socket.on('error', () => socket.destroy())
  await once(socket, 'secureConnect')
  return socket
}

/** All measures; `scale` multiplies their durations. */
export function measures(scale: number, folder: string): Measure[] {
  const seconds = (full: number) => Math.max(1, Math.round(full * scale))
  const count = (full: number) => Math.max(100, Math.round(full * scale))
  const ec = { key: 'ec', origin: 'http' } as const
  const large = `${folder}/www/1g`
  return [
    { ...ec, name: 'idle connections', isFresh: true, take: (server) => idle(server, count(5_000)) },
    {
      ...ec,
      name: 'idle connections, HTTP/2',
      isFresh: true,
      take: (server) => idle(server, count(5_000), 'h2'),
    },
    { ...ec, name: 'HTTP/1.1, 64 connections, 1 KiB', take: (server) => http1(server, 64, seconds(6)) },
    { ...ec, name: 'HTTP/1.1, one after the other', take: (server) => http1(server, 1, seconds(3)) },
    {
      ...ec,
      origin: 'https',
      name: 'HTTP/1.1, 64 connections, HTTPS origin',
      take: (server) => http1(server, 64, seconds(6)),
    },
    {
      ...ec,
      name: 'HTTP/2, 16 × 16 streams, 1 KiB',
      take: (server) => http2(server, seconds(6), folder),
    },
    {
      ...ec,
      origin: 'https',
      name: 'HTTP/2, 16 × 16 streams, HTTPS origin',
      take: (server) => http2(server, seconds(6), folder),
    },
    { ...ec, name: 'download of 1 GiB, HTTP/1.1', take: (server) => download(server, '--http1.1') },
    { ...ec, name: 'download of 1 GiB, HTTP/2', take: (server) => download(server, '--http2') },
    { ...ec, name: 'upload of 1 GiB, HTTP/1.1', take: (server) => upload(server, large) },
    { ...ec, name: 'websockets, 32 at once', take: (server) => websockets(server, 32, seconds(6)) },
    { ...ec, name: 'full handshake, ECDSA', take: (server) => fullHandshakes(server, count(2_000)) },
    { ...ec, name: 'resumed handshake', take: (server) => resumedHandshakes(server, count(2_000)) },
    {
      ...ec,
      key: 'rsa',
      name: 'full handshake, RSA',
      take: (server) => fullHandshakes(server, count(1_000)),
    },
    { ...ec, name: 'swap of the certificate', take: (server) => swap(server, 9) },
  ]
}

function numberIn(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? Number.NaN)
}

function microseconds(text: string, pattern: RegExp): number {
  const [, value, unit] = pattern.exec(text) ?? []
  const factor = unit === 's' ? 1e6 : unit === 'ms' ? 1e3 : 1
  return Number(value ?? Number.NaN) * factor
}
