import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type ClientHttp2Session } from 'node:http2'
import { Agent, get } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { prepare, startOrigin, startPeer } from './servers.ts'

/**
 * Effect on others of one client that occupies their origin: p99 of small requests during the attack, as a
 * multiple of the p99 just before and after it. `npm run bench -- attack [--rounds 3]`
 *
 * The attacker is a separate process with HTTP/2 connections, reopened as soon as they are cut.
 */
const attacks = {
  'uploads that trickle': { method: 'POST', path: '/upload', connections: 4, streams: 128 },
  'downloads with a window of zero': { method: 'GET', path: '/1g', connections: 4, streams: 128 },
  'requests that are not answered': { method: 'GET', path: '/unanswered', connections: 20, streams: 100 },
  'connections that ask for nothing': { method: 'GET', path: '/', connections: 11_000, streams: 0 },
}
type Attack = keyof typeof attacks

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    /** Options of the attacker's process only: attack and port. */
    attack: { type: 'string' },
    port: { type: 'string' },
  },
})
if (values.attack === undefined) await measure(Number(values.rounds))
else {
  const attack = values.attack as Attack
  for (let at = 0; at < attacks[attack].connections; at += 1) hold(Number(values.port), attack)
}

async function measure(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'edge-attack-'))
  try {
    await prepare(folder)
    const origin = await startOrigin(folder)
    const edge = await startPeer('edgekeep', folder, { key: 'ec', origin: 'http' })
    await p99(edge.port)
    for (const name of Object.keys(attacks) as Attack[]) {
      const ratios: number[] = []
      for (let round = 1; round <= rounds; round += 1) {
        const before = await p99(edge.port)
        const attacker = await startAttack(name, edge.port)
        const during = await p99(edge.port)
        attacker.kill()
        await once(attacker, 'exit')
        // The machine's other load varies: the quiet rounds before and after are averaged.
        const without = (before + (await p99(edge.port))) / 2
        ratios.push(during / without)
        const [load = 0] = loadavg()
        console.log(
          `${name}: p99 ${without.toFixed(1)} ms, under attack ${during.toFixed(1)} ms, load ${load.toFixed(1)}`,
        )
      }
      const middle = ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? NaN
      console.log(`${name}: × ${middle.toFixed(2)} (median of ${ratios.length})`)
    }
    edge.stop()
    origin.stop()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Milliseconds, over 8 clients with 400 requests each, half of them on a connection of its own. */
async function p99(to: number): Promise<number> {
  const times: number[] = []
  const agents = Array.from({ length: 8 }, () => new Agent({ keepAlive: true, rejectUnauthorized: false }))
  await Promise.all(
    agents.map(async (agent) => {
      for (let at = 0; at < 400; at += 1) {
        const startedAt = performance.now()
        await ask(to, at % 2 === 0 ? agent : new Agent({ rejectUnauthorized: false }))
        times.push(performance.now() - startedAt)
      }
      agent.destroy()
    }),
  )
  times.sort((a, b) => a - b)
  return times[Math.floor(times.length * 0.99)] ?? NaN
}

/** An unanswered request counts with its timeout. */
async function ask(to: number, agent: Agent): Promise<void> {
  const request = get({ host: 'localhost', port: to, path: '/1k', agent, timeout: 10_000 })
  request.on('timeout', () => request.destroy())
  await new Promise<void>((resolve) => {
    request.on('response', (response) => response.resume().on('close', resolve))
    request.on('error', () => resolve())
  })
}

async function startAttack(name: Attack, to: number): Promise<ChildProcess> {
  const child = fork(import.meta.filename, ['--attack', name, '--port', String(to)])
  // Long enough for the attack to reach its full effect.
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  return child
}

function hold(to: number, name: Attack): void {
  if (attacks[name].streams === 0) return holdIdle(to)
  const session = connect(`https://localhost:${to}`, {
    rejectUnauthorized: false,
    settings: { initialWindowSize: 0 },
  })
  session.on('error', () => undefined)
  session.once('close', () => setTimeout(() => hold(to, name), 100))
  session.once('remoteSettings', () => {
    for (let at = 0; at < attacks[name].streams; at += 1) holdStream(session, name)
  })
}

function holdIdle(to: number): void {
  connectPlain(to, '127.0.0.1')
    .on('error', () => undefined)
    .once('close', () => setTimeout(holdIdle, 1_000, to))
}

function holdStream(session: ClientHttp2Session, name: Attack): void {
  if (session.closed) return
  const { method, path } = attacks[name]
  const stream = session.request({ ':method': method, ':path': path }, { endStream: method === 'GET' })
  const timer = setInterval(() => stream.writable && stream.write('x'), 2_000)
  stream.on('error', () => undefined)
  stream.once('close', () => {
    clearInterval(timer)
    setTimeout(() => holdStream(session, name), 100)
  })
}
