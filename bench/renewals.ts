import { loadavg } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { obtain, openAcmeEngine } from '../test/support/acme/engine.ts'
import { startOrigin } from '../test/support/edge/origin.ts'
import { originAt } from '../test/support/engine/engine.ts'
import { dayMs, jumpingClock } from '../test/support/engine/jumping-clock.ts'

/**
 * Many certificates due at once: `node bench/renewals.ts [--certificates 1000] [--acme 50]`. A real engine on
 * a real vault with a worker process, and a real Pebble that issued some of the certificates; one jump of the
 * clock makes all of them due while clients send requests. Prints the duration, how long the engine's event
 * loop was blocked, and the failed requests. Exit status 1 if the loop was blocked for more than 50 ms of
 * processor time, a renewal is missing, or a request failed.
 */
const { values } = parseArgs({
  options: {
    certificates: { type: 'string', default: '1000' },
    acme: { type: 'string', default: '50' },
  },
})
const [count, byAcme] = [Number(values.certificates), Number(values.acme)]
const longestHoldMs = 50
/**
 * Lifetime of Pebble's certificates: due after 340 days, like those of the local authority, and still valid
 * then.
 */
const validitySeconds = 500 * 86_400

const origin = await startOrigin((_request, response) => void response.end('hello'))
const clock = jumpingClock()
const opened = await openAcmeEngine({ validitySeconds, nonceReject: 0 }, clock.now)
const { client, engine } = opened
const names = Array.from({ length: count }, (_, at) => `shop${at}.test`)
for (const [at, name] of names.entries()) {
  await client.domains.add({ name, origin: originAt(origin.port) })
  if (at < byAcme) await obtain(client, name)
  else await client.https.enable({ domain: name, source: { type: 'free' } })
}

/**
 * Measures the longest block of the event loop in processor time of this thread, which a busy machine does
 * not change.
 */
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
const visitors = new Worker(new URL('./renewal-visitors.ts', import.meta.url), {
  workerData: { port: opened.ports.https, names },
})
await new Promise((resolve) => visitors.once('online', resolve))
clock.jumpTo(340 * dayMs)
delay.enable()
const turns = watchTurns()
const [began, load] = [performance.now(), loadavg()[0] ?? 0]
await engine.context.parts.renewal?.look()
const tookMs = performance.now() - began
// Garbage is collected within seconds, which must not block the loop either.
await new Promise((resolve) => setTimeout(resolve, 3000))
delay.disable()
const blockedMs = turns.stop()
const report = new Promise<{ answered: number; failed: number; slowestMs: number }>((resolve) =>
  visitors.once('message', resolve),
)
visitors.postMessage('stop')
const seen = await report
const renewed = (await client.certificates.list()).filter(({ name }) => name.includes('until')).length
console.table({
  certificates: count,
  'of them by ACME': byAcme,
  renewed,
  'took s': Number((tookMs / 1000).toFixed(1)),
  'each ms': Number((tookMs / count).toFixed(1)),
  'loop held, longest ms of processor': Number(blockedMs.toFixed(1)),
  'loop held, longest ms': Number((delay.max / 1e6).toFixed(1)),
  'loop held, 99.9 % ms': Number((delay.percentile(99.9) / 1e6).toFixed(1)),
  'requests answered': seen.answered,
  'requests failed': seen.failed,
  'slowest request ms': Math.round(seen.slowestMs),
  'load before, after': `${load.toFixed(1)}, ${(loadavg()[0] ?? 0).toFixed(1)}`,
})
process.exitCode = blockedMs > longestHoldMs || renewed < count || seen.failed > 0 ? 1 : 0
await opened.close()
await origin.close()
