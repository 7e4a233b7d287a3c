import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { connectEngine } from '../../../../src/engine-process/connect.ts'
import { openHome } from '../../../../src/engine-process/home.ts'
import { findInstallation } from '../../../../src/engine-process/installation.ts'
import { startEngine } from '../../../../src/engine-process/start-engine.ts'
import { edgekeep } from '../../../support/processes/cli.ts'
import { freePort } from '../../../support/free-port.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

/** Real engine with a compromised edge worker. */
test('no message of a worker, nor bytes that are none, end the engine', { timeout: 180_000 }, async () => {
  const folder = temporaryFolder()
  const { root } = findInstallation()
  mkdirSync(join(folder, 'home'), { mode: 0o700 })
  const home = openHome(join(folder, 'home'))
  // Builds the product if that is outdated.
  await edgekeep(home.folder, ['vault', 'protect', 'key-file'])
  cpSync(join(root, 'out', 'node'), join(folder, 'out', 'node'), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  const worker = new URL('../../../support/edge/workers/babbling-worker.ts', import.meta.url)
  writeFileSync(join(folder, 'out', 'node', 'edge-worker.js'), `import ${JSON.stringify(worker.href)}\n`)
  const engine = await startEngine(home, {
    portTaken: 'fail',
    httpsPort: await freePort(),
    httpPort: await freePort(),
    engineEntry: join(folder, 'out', 'node', 'engine.js'),
  })
  const status = async () => {
    const connection = await connectEngine(home)
    const found = await connection?.client.engine.status()
    await connection?.close()
    return found
  }
  const logged = () => readFileSync(join(home.logFolder, 'engine.log'), 'utf8')
  try {
    const { pid, edge } = (await status())!
    await expect.poll(logged, { timeout: 30_000 }).toContain('Edge worker message failed')
    process.kill(edge.workerPids[0]!, 'SIGUSR2')
    await expect.poll(logged, { timeout: 30_000 }).toContain('Uncaught exception, engine continuing')
    expect(await status()).toMatchObject({ pid, protection: { locked: false } })
    // The worker has broken the protocol, so it is replaced.
    await expect.poll(async () => (await status())?.edge.restarts, { timeout: 60_000 }).toBeGreaterThan(0)
    expect((await status())?.pid).toBe(pid)
  } finally {
    await engine.stop()
  }
})
