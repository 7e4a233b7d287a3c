import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { trustProofSchema, type TrustClient, type TrustProof } from '../../contract/trust/trust.ts'
import { replaceFile } from '../../platform/files/replace-file.ts'
import type { HostEnvironment } from './stores/host-environment.ts'

const storedProofsSchema = z.array(
  z.object({ client: z.string(), root: z.string(), proof: trustProofSchema }),
)

/** Results of probes, each with the root that was probed. */
export function proofsOf({ folder }: Pick<HostEnvironment, 'folder'>) {
  const path = join(folder, 'proofs.json')
  const read = () =>
    existsSync(path) ? storedProofsSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : []
  const write = (kept: z.infer<typeof storedProofsSchema>) => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    replaceFile(path, Buffer.from(JSON.stringify(kept)), 0o600)
  }
  return {
    of: (client: string, root: string) =>
      read().find((each) => each.client === client && each.root === root)?.proof ?? null,
    /** Browsers without another row, proven by a page that was opened in them. */
    byPage: (root: string) =>
      read()
        .filter((each) => each.client.startsWith(pagePrefix) && each.root === root && each.proof.ok)
        .map(({ client, proof }) => pageRow({ id: client, proof })),
    note: (client: string, root: string, proof: TrustProof) =>
      write([...read().filter((each) => each.client !== client), { client, root, proof }]),
    /** Discards all proofs after a change of stores. */
    clear: () => write([]),
  }
}

const pagePrefix = 'page:'

/** Row id of a browser with unknown stores; `full` is its name with version. */
export function pageRowId(full: string): string {
  return `${pagePrefix}${full}`
}

/** Client row without known stores, which cannot be run. */
export function pageRow({ id, proof }: { id: string; proof: TrustProof }): TrustClient {
  return {
    ...{
      id,
      kind: 'browser',
      name: id.slice(pagePrefix.length),
      path: '',
      stores: [],
      state: 'trusted',
      proof,
    },
    unprovable: 'Edgekeep does not know where this browser is; the page that is opened in it proves it.',
    optional: true,
  }
}
