import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keyFileProtector } from '../src/engine/vault/key-protector/key-file.ts'
import { openVault, type Vault } from '../src/engine/vault/vault.ts'
import { certificateRow, exampleOrigin } from '../test/support/vault/vault-rows.ts'

/**
 * A vault of 10,000 certificates and 1,000 domains: `node --expose-gc bench/vault.ts`. Prints a JSON line per
 * measure: the median and its limit on an idle machine. `cpu` is the processor time, which depends less on
 * other load.
 */
const certificates = 10_000
const domainCount = 1000

const folder = mkdtempSync(join(tmpdir(), 'edgekeep-bench-'))
const open = () => openVault({ folder, clock: () => new Date(), protectors: [keyFileProtector(folder)] })

try {
  fill(await open()).close()
  await measure('cold open', 300, 10, async () => (await open()).close())
  const vault = await open()
  await measure('list of all certificates', 20, 30, () => void vault.certificates.list())
  await measure('snapshot of 1,000 domains', 200, 10, () => readSnapshot(vault))
  await measure('one change', 50, 30, () =>
    vault.change(() => vault.settings.set('bench', String(Date.now()))),
  )
  report('memory kept by 200 more lists, MiB', 16, memoryOfLists(vault))
  await measure('rotation of the data key', 2000, 3, () => vault.custody.rotate('engine'))
  vault.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function fill(vault: Vault): Vault {
  const chainPem = randomBytes(2000).toString('base64')
  vault.change(() => {
    for (let index = 0; index < certificates; index += 1) {
      const row = certificateRow({ id: `c${index}`, name: `Certificate ${index}`, chainPem })
      vault.certificates.insert(row)
      vault.keys.sealKey(row.id, row.spkiSha256, randomBytes(240))
    }
    for (let index = 0; index < domainCount; index += 1) {
      const name = `shop${index}.test`
      vault.domains.insert({ name, origin: exampleOrigin, httpsState: 'on', certificateId: `c${index}` })
    }
  })
  return vault
}

/** Reads the content of a snapshot: each domain, its chain and its opened key. */
function readSnapshot(vault: Vault): void {
  for (const { certificateId } of vault.domains.list()) {
    if (!certificateId) continue
    vault.certificates.get(certificateId)
    vault.keys.withKey(certificateId, (key) => Buffer.from(key).fill(0))
  }
}

/** Memory growth by two hundred list calls after the first hundred, during which the heap may grow. */
function memoryOfLists(vault: Vault): number {
  const [first = 0, , third = 0] = Array.from({ length: 3 }, () => {
    for (let round = 0; round < 100; round += 1) vault.certificates.list()
    globalThis.gc?.()
    return process.memoryUsage().rss
  })
  return (third - first) / 2 ** 20
}

async function measure(
  what: string,
  shouldStayUnder: number,
  times: number,
  act: () => unknown,
): Promise<void> {
  const took: number[] = []
  const used: number[] = []
  for (let round = 0; round < times; round += 1) {
    const [started, cpu] = [performance.now(), process.cpuUsage()]
    await act()
    took.push(performance.now() - started)
    const { user, system } = process.cpuUsage(cpu)
    used.push((user + system) / 1000)
  }
  report(`${what}, ms`, shouldStayUnder, medianOf(took), medianOf(used))
}

function medianOf(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function report(what: string, shouldStayUnder: number, measured: number, cpu?: number): void {
  const [rounded, roundedCpu] = [measured, cpu].map((value) => value && Number(value.toFixed(1)))
  console.log(JSON.stringify({ what, measured: rounded, cpu: roundedCpu, shouldStayUnder }))
}
