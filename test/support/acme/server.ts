import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AcmeServerSettings } from '../../../src/contract/acme/acme-server.ts'
import type { AcmeAt } from './programs.ts'
import { openTestEngine, testEdge, type TestEngine } from '../engine/engine.ts'
import { freePort } from '../free-port.ts'

export interface OpenedAcme extends AcmeAt {
  opened: TestEngine
  close(): Promise<void>
}

/** Opens an engine with an ACME server and test ports for its validations. */
export async function openAcmeServer(settings: Partial<AcmeServerSettings> = {}): Promise<OpenedAcme> {
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-acme-'))
  const opened = await openTestEngine(undefined, undefined, testEdge)
  const [port, httpPort, tlsPort] = await Promise.all([freePort(), freePort(), freePort()])
  const { directory, problem } = await opened.client.acmeServer.set({
    enabled: true,
    port,
    httpPort,
    tlsPort,
    ...settings,
  })
  if (directory === null) throw new Error(problem ?? 'The ACME server does not run')
  const root = join(folder, 'root.pem')
  writeFileSync(root, (await opened.client.authority.get())!.root.pem)
  return {
    opened,
    directory,
    root,
    folder,
    httpPort,
    tlsPort,
    async close() {
      await opened.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
