import { parseArgs } from 'node:util'
import { workOfEveryKind, workOfRequests } from '../support/edge/soak/clients.ts'
import { workOfHostileClients } from '../support/edge/soak/hostile-clients.ts'
import { soak, type SoakSummary } from '../support/edge/soak/soak.ts'

/**
 * Sends requests with a swap each second, of which none may fail; then mixed traffic for half an hour, with
 * hostile clients, origins and pages, swaps, restarting origins and killed workers: `npm run conformance -- soak [--
 * --seconds 1800 --requests 100000 --workers 2]`. Prints one JSON object for each part; exits with 1 after an
 * unexcused failure, a leak, or too few requests.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '1800' },
    requests: { type: 'string', default: '100000' },
    /** Seed of the hostile clients and origins, to repeat a run. */
    seed: { type: 'string' },
    workers: { type: 'string', default: process.platform === 'linux' ? '2' : '1' },
  },
})
const workers = Number(values.workers)
const hostileSeed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed)
console.error(`Hostile clients and origins by seed ${hostileSeed}.`)

const swapping = await soak({
  kinds: workOfRequests(),
  clients: 2,
  workers,
  seconds: 3_600,
  requests: Number(values.requests),
  swapEveryMs: 1_000,
})
report('requests with a swap each second', swapping)
if (swapping.requests < Number(values.requests)) {
  console.error(`Only ${swapping.requests} of ${values.requests} requests were made within the hour.`)
  process.exitCode = 1
}

const mixed = await soak({
  kinds: { ...workOfEveryKind(), ...workOfHostileClients(hostileSeed) },
  hostileSeed,
  clients: 2,
  workers,
  seconds: Number(values.seconds),
  swapEveryMs: 1_000,
  originRestartEveryMs: 7_000,
  workerKillEveryMs: 11_000,
})
report('mixed traffic', mixed)

function report(name: string, summary: SoakSummary): void {
  console.log(JSON.stringify({ name, ...summary }, null, 2))
  const { faults, connectionsLeft, descriptors, mebibytes } = summary
  const hasLeaked =
    Object.values(connectionsLeft).some((left) => left > 0) ||
    descriptors.after > descriptors.before ||
    mebibytes.last > mebibytes.first * 1.2 + 16
  if (faults.length > 0 || hasLeaked) process.exitCode = 1
}
