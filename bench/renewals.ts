import { monitorEventLoopDelay } from 'node:perf_hooks'
import { rmSync } from 'node:fs'
import { request } from 'node:https'
import { parseArgs } from 'node:util'
import { startOrigin } from '../test/support/edge.ts'
import { openTestEngine, originAt, temporaryFolder, testEdge } from '../test/support/engine.ts'
import { dayMs, jumpingClock } from '../test/support/jumping-clock.ts'

/**
 * Many certificates due at once: `node bench/renewals.ts [--certificates 1000]`. A real engine on a real vault
 * with a worker process; all local certificates come due in one jump of the clock, while clients ask. Tells how
 * long that took, how long the engine's loop was held, and how many requests failed.
 */
const { values } = parseArgs({ options: { certificates: { type: 'string', default: '1000' } } })
const count = Number(values.certificates)

const origin = await startOrigin((_request, response) => void response.end('hello'))
const clock = jumpingClock()
const folder = temporaryFolder()
const opened = await openTestEngine(folder, clock.now, testEdge)
const { client, engine } = opened
const nameOf = (at: number) => `shop${at}.test`
for (let at = 0; at < count; at += 1) {
  await client.domains.add({ name: nameOf(at), origin: originAt(origin.port) })
  await client.https.enable({ domain: nameOf(at), source: { type: 'free' } })
}
const port = engine.context.parts.supervisor?.status().https?.port ?? 0

let isDone = false
const seen = { answered: 0, failed: 0, slowestMs: 0 }
async function visitor(first: number): Promise<void> {
  for (let at = first; !isDone; at = (at + 7) % count) {
    const began = performance.now()
    if (await ask(nameOf(at))) seen.answered += 1
    else seen.failed += 1
    seen.slowestMs = Math.max(seen.slowestMs, performance.now() - began)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function ask(servername: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const options = { host: '127.0.0.1', port, servername, rejectUnauthorized: false, agent: false }
  const sent = request({ ...options, headers: { host: servername } }, (response) => {
    response.resume()
    response.on('end', () => resolve(response.statusCode === 200))
  })
  sent.on('error', () => resolve(false))
  sent.end()
  return promise
}

/** Processor time of this thread between two turns of the loop: what held it, however busy the machine is. */
function watchTurns(): { stop(): number } {
  let longestUs = 0
  let before = process.threadCpuUsage()
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before)
    longestUs = Math.max(longestUs, user + system)
    before = process.threadCpuUsage()
  }, 1)
  return {
    stop() {
      clearInterval(timer)
      return longestUs / 1000
    },
  }
}

const delay = monitorEventLoopDelay({ resolution: 1 })
const visitors = [visitor(0), visitor(1)]
clock.jumpTo(300 * dayMs)
delay.enable()
const turns = watchTurns()
const began = performance.now()
await engine.context.parts.renewal?.look()
const tookMs = performance.now() - began
delay.disable()
const heldMs = turns.stop()
isDone = true
await Promise.all(visitors)
const renewed = (await client.certificates.list()).filter(({ name }) => !name.includes('until')).length
console.table({
  certificates: count,
  renewed,
  'took s': Number((tookMs / 1000).toFixed(1)),
  'each ms': Number((tookMs / count).toFixed(1)),
  'loop held, longest ms of processor': Number(heldMs.toFixed(1)),
  'loop held, longest ms': Number((delay.max / 1e6).toFixed(1)),
  'loop held, 99.9 % ms': Number((delay.percentile(99.9) / 1e6).toFixed(1)),
  'requests answered': seen.answered,
  'requests failed': seen.failed,
  'slowest request ms': Math.round(seen.slowestMs),
})
await opened.close()
await origin.close()
rmSync(folder, { recursive: true, force: true })
