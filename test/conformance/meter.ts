import { setTimeout as pause } from 'node:timers/promises'
import { createTestAuthority, issueTestLeaf } from '../support/pki/certificates.ts'
import { startOrigin } from '../support/edge/origin.ts'
import { enableByUpload, openTestEngine, originAt, testEdge } from '../support/engine/engine.ts'
import { answerBody, loadHttp1, loadHttp2, type Load } from '../support/edge/load.ts'

/**
 * The long run of the meter: `node test/conformance/meter.ts [REQUESTS] [WORKERS]`, 1,000,000 and 1 if
 * not given. The certificate is swapped twice a second all the while; after every twentieth of the
 * requests a worker is killed, the engine is stopped at once, or nothing happens.
 */
const requests = Number(process.argv[2] ?? 1_000_000)
const workers = Number(process.argv[3] ?? 1)
const rounds = 20
const started = Date.now()
const authority = createTestAuthority()
const leaves = [1, 2].map(() => issueTestLeaf(authority, { names: ['shop.test'] }))
const origin = await startOrigin((_request, response) => response.end(answerBody))
let opened = await openTestEngine(undefined, undefined, { ...testEdge, workers })
await opened.client.domains.add({ name: 'shop.test', origin: originAt(origin.port) })
await swap(0)

const load: Load = { sent: 0, answered: 0 }
const done = { swaps: 0, kills: 0, restarts: 0 }
for (let round = 0; round < rounds; round += 1) {
  await loaded(requests / rounds)
  if (round % 3 === 1) await killWorker()
  if (round % 3 === 2) {
    opened = await opened.reopen()
    done.restarts += 1
  }
}
await settled()
const { total } = await opened.client.usage.query({ step: 'day' })
const metered = total.http + total.https
const isExact = metered === load.sent && load.answered === load.sent
console.log(
  JSON.stringify({
    ...load,
    metered,
    isExact,
    ...done,
    workers,
    seconds: Math.round((Date.now() - started) / 1000),
  }),
)
await opened.close()
await origin.close()
process.exitCode = isExact ? 0 : 1

async function loaded(count: number): Promise<void> {
  const { https, http } = opened.engine.context.parts.supervisor?.status() ?? {}
  const secure = { host: 'shop.test', port: https?.port ?? 0, ca: authority.certificatePem }
  const plain = { ...secure, port: http?.port ?? 0, ca: null }
  const ending = new AbortController()
  const swapping = (async () => {
    while (!ending.signal.aborted) {
      await swap((done.swaps += 1))
      await pause(500)
    }
  })()
  await Promise.all([
    ...Array.from({ length: 4 }, () => loadHttp1(secure, count / 8, load)),
    loadHttp1(plain, count / 4, load),
    loadHttp2(secure, count / 4, load),
  ])
  ending.abort()
  await swapping
}

function swap(at: number): Promise<unknown> {
  return enableByUpload(opened.client, 'shop.test', leaves[at % 2] ?? leaves[0]!, true)
}

/** Waits until every answered exchange is reported: a worker that dies afterwards loses no counts. */
async function settled(): Promise<void> {
  for (let at = 0; at < 100; at += 1) {
    const { total } = await opened.client.usage.query({ step: 'day' })
    if (total.http + total.https === load.sent) return
    await pause(50)
  }
}

async function killWorker(): Promise<void> {
  await settled()
  const [pid] = opened.engine.context.parts.supervisor?.status().workerPids ?? []
  if (pid !== undefined) process.kill(pid, 'SIGKILL')
  done.kills += 1
  // The next requests go to one that has started again.
  await pause(1_000)
}
