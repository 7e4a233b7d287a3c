import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keyFileProtector } from '../src/engine/vault/key-protector/key-file.ts'
import { openVault, type Vault } from '../src/engine/vault/vault.ts'
import { certificateRow, exampleOrigin } from '../test/support/vault-rows.ts'

/**
 * A vault of 10,000 certificates and 1,000 domains: `node --expose-gc bench/vault.ts`. One JSON
 * line a measure: the median in milliseconds and what it should stay under on an idle machine.
 */
const CERTIFICATES = 10_000
const DOMAINS = 1000

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
  report('memory kept after 100 lists, MiB', 16, memoryKeptBy(vault))
  await measure('rotation of the data key', 2000, 3, () => vault.custody.rotate('engine'))
  vault.close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function fill(vault: Vault): Vault {
  const chainPem = randomBytes(2000).toString('base64')
  vault.change(() => {
    for (let index = 0; index < CERTIFICATES; index += 1) {
      const row = certificateRow({ id: `c${index}`, name: `Certificate ${index}`, chainPem })
      vault.certificates.insert(row)
      vault.keys.sealKey(row.id, row.spkiSha256, randomBytes(240))
    }
    for (let index = 0; index < DOMAINS; index += 1) {
      const name = `shop${index}.test`
      vault.domains.insert({ name, origin: exampleOrigin, httpsState: 'on', certificateId: `c${index}` })
    }
  })
  return vault
}

/** What the engine reads for a snapshot: each domain, its chain and its opened key. */
function readSnapshot(vault: Vault): void {
  for (const { certificateId } of vault.domains.list()) {
    if (!certificateId) continue
    vault.certificates.get(certificateId)
    vault.keys.withKey(certificateId, (key) => Buffer.from(key).fill(0))
  }
}

function memoryKeptBy(vault: Vault): number {
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  for (let round = 0; round < 100; round += 1) vault.certificates.list()
  globalThis.gc?.()
  return (process.memoryUsage().rss - before) / 2 ** 20
}

async function measure(
  what: string,
  shouldStayUnder: number,
  times: number,
  act: () => unknown,
): Promise<void> {
  const took: number[] = []
  for (let round = 0; round < times; round += 1) {
    const started = performance.now()
    await act()
    took.push(performance.now() - started)
  }
  took.sort((a, b) => a - b)
  report(`${what}, ms`, shouldStayUnder, took[Math.floor(times / 2)] ?? 0)
}

function report(what: string, shouldStayUnder: number, measured: number): void {
  console.log(JSON.stringify({ what, measured: Number(measured.toFixed(1)), shouldStayUnder }))
}
