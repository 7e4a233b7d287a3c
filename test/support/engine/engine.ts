import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import type { Client } from '../../../src/client/client.ts'
import type { EdgeOptions } from '../../../src/engine/engine-options.ts'
import { createEngine, router, type Engine } from '../../../src/engine/engine.ts'
import { type NameServers, nameServersBy } from '../../../src/engine/acme/client/name-servers.ts'
import type { TxtLookup } from '../../../src/engine/acme/client/txt-lookup.ts'
import { keyFileProtector } from '../../../src/engine/vault/key-protector/key-file.ts'
import { allowances, type Allowance } from '../../../src/engine/network-guard/guard.ts'
import { openLog } from '../../../src/engine/core/log.ts'
import { originDefaults, type ServerOrigin } from '../../../src/contract/domains/domains.ts'
import { workerEntry } from '../edge/built-worker.ts'
import type { TestLeaf } from '../pki/certificates.ts'

/** Stand-ins for the outside network and this computer's uptime. */
export interface TestNetwork {
  uptime?: () => number
  lookupTxt?: TxtLookup
  nameServers?: NameServers
  responderAllowance?: Allowance
}

export interface TestEngine {
  client: Client
  engine: Engine
  folder: string
  reopen(): Promise<TestEngine>
  close(): Promise<void>
}

/** Opens an engine in this process with a real vault in a folder of its own, by default without an edge. */
export async function openTestEngine(
  folder = temporaryFolder(),
  clock?: () => Date,
  edge: EdgeOptions | null = null,
  network: TestNetwork = {},
): Promise<TestEngine> {
  const { log, close: closeLog } = openLog(join(folder, 'logs'), 'engine')
  const engine = await createEngine({
    folder,
    edge,
    log,
    clock,
    // Responders of tests are on this computer.
    responderAllowance: network.responderAllowance ?? allowances.ownComputer,
    uptime: network.uptime,
    lookupTxt: network.lookupTxt,
    // The test's clock differs from that of its files.
    fileEvidence: () => ({ build: null, vaultFile: null }),
    // Keeps queries from real name servers.
    nameServers: network.nameServers ?? nameServersBy({ resolver: ['127.0.0.1:9'] }),
    // A test never touches the keychain of the person who runs it.
    protectors: [keyFileProtector(folder)],
  })
  const end = async () => {
    await engine.close()
    closeLog()
  }
  return {
    engine,
    folder,
    client: createRouterClient(router, { context: engine.context }) as Client,
    async reopen() {
      await end()
      return openTestEngine(folder, clock, edge, network)
    },
    async close() {
      await end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Client with the rights of the command line. */
export function commandLineOf({ engine }: TestEngine): Client {
  return createRouterClient(router, { context: engine.contextFor('command line') }) as Client
}

/** The shipped worker, on ports that the system chooses. */
export const testEdge: EdgeOptions = {
  workerEntry,
  httpsPort: 0,
  httpPort: 0,
  portTaken: 'next',
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'edgekeep-test-'))
}

export function originAt(port: number, host = '127.0.0.1'): ServerOrigin {
  return { protocol: 'http', host, httpPort: port, httpsPort: 443, ...originDefaults }
}

export function uploads(leaf: TestLeaf): File[] {
  return [new File([leaf.chainPem], 'site.crt'), new File([leaf.keyPem], 'site.key')]
}

export async function enableByUpload(client: Client, domain: string, leaf: TestLeaf, keep = false) {
  const { stagingId } = await client.staging.open({ files: uploads(leaf), domain })
  return client.https.enable({
    domain,
    source: { type: 'upload', stagingId, keep },
    acceptWorse: true,
  })
}
