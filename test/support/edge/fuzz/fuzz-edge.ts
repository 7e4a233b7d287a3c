import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { defaultPolicies } from '../../../../src/contract/domains/policies.ts'
import { createTestAuthority, issueTestLeaf } from '../../pki/certificates.ts'
import { exchangeBytes, routeTo, startTestEdge } from '../edge.ts'
import { startRawOrigin } from '../origin.ts'
import { Chance } from '../soak/chance.ts'
import { workOfHostileClients } from '../soak/hostile-clients.ts'
import { HostileOrigins } from '../soak/hostile-origin.ts'
import { RawHttp2Origin } from './raw-http2-origin.ts'

export interface EdgeFuzz {
  /** Number of the first case; later ones count up. */
  seed: number
  /** Limits: the first reached ends the run. */
  cases: number
  seconds: number
  onProblem(problem: string): void
}

export interface EdgeFuzzed {
  cases: number
  /** Requests to hostile origins; zero would mean that nothing was tried. */
  answers: { http1: number; http2: number }
  problems: number
}

/** Timeout of each client; no origin is awaited for longer. */
const clientMs = 120
const limits = { responseMs: 400, responsePauseMs: 400, headMs: 400, bodyPauseMs: 400 }
const policies = { ...defaultPolicies, findings: { watch: true } }
const authority = createTestAuthority()

/**
 * Runs the edge in this process, which catches exceptions that would end a worker and reports them with their
 * case. After each case another domain still has to answer.
 */
export async function fuzzEdge({ seed, cases, seconds, onProblem }: EdgeFuzz): Promise<EdgeFuzzed> {
  const fuzzed: EdgeFuzzed = { cases: 0, answers: { http1: 0, http2: 0 }, problems: 0 }
  const note = (text: string): void => {
    fuzzed.problems += 1
    onProblem(`Case ${seed + fuzzed.cases}: ${text}`)
  }
  const onException = (error: Error): void => note(`it would end the worker: ${error.stack ?? error.message}`)
  process.on('uncaughtException', onException)
  const steady = await startRawOrigin((socket) =>
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')),
  )
  const raw = new RawHttp2Origin(new Chance(seed))
  await raw.start()
  const shop = issueTestLeaf(authority, { names: ['shop.test', 'hostile.test', 'hostile-2.test'] })
  const edge = await startTestEdge([routeTo(steady.port)], { leaves: { shop }, limits })
  const target = { httpsPort: edge.https, httpPort: edge.http, ca: authority.certificatePem }
  for (const endAt = Date.now() + seconds * 1000; fuzzed.cases < cases && Date.now() < endAt;) {
    const number = seed + fuzzed.cases
    raw.chance = new Chance(number)
    const hostile = new HostileOrigins(number)
    await hostile.start()
    edge.apply({
      routes: [
        routeTo(steady.port),
        routeTo(hostile.http1Port, { domain: 'hostile.test', policies }),
        routeTo(raw.port, { domain: 'hostile-2.test', policies, origin: { protocol: 'h2c' } }),
      ],
    })
    const kinds = Object.values(workOfHostileClients(number, clientMs))
    await new Chance(number).of(kinds)()(target)
    hostile.stop()
    fuzzed.answers.http1 += hostile.answers
    for (const line of hostile.forged) note(`an origin got ${JSON.stringify(line)} of a client`)
    for (const fault of edge.faults.splice(0)) note(fault)
    const answers = await probe(() => edge.connect({ ca: target.ca }))
    if (answers.length > 0) note(`another domain got ${JSON.stringify(answers)}`)
    fuzzed.cases += 1
  }
  // Exchanges of the last cases end.
  await delay(2 * limits.responseMs)
  for (const fault of edge.faults.splice(0)) note(fault)
  fuzzed.answers.http2 = raw.answers
  raw.stop()
  steady.close()
  await edge.close()
  process.off('uncaughtException', onException)
  return fuzzed
}

const get = 'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n'

/**
 * Answers of another domain other than 200; empty if one of several was 200, since a busy machine misses a
 * timeout.
 */
async function probe(connect: () => Promise<Socket>): Promise<string[]> {
  const others: string[] = []
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const answer = await exchangeBytes(await connect(), get)
    if (answer.startsWith('HTTP/1.1 200 ')) return []
    others.push(answer.slice(0, 40))
  }
  return others
}
