import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { clientTrust, proofAfter, type ServedNow } from '../../domain/client-trust.ts'
import {
  trustProofSchema,
  type TrustClient,
  type TrustProof,
  type TrustStoreView,
} from '../../contract/trust/trust.ts'
import { replaceFile } from '../../platform/files/replace-file.ts'
import type { HostEnvironment } from '../../platform/commands/host-environment.ts'

const storedProofsSchema = z.array(z.object({ client: z.string(), proof: trustProofSchema }))

/** Stores as they were read at a time, by the clients that read them. */
interface Reading {
  since: Date
  clients: readonly { id: string; stores: readonly TrustStoreView[] }[]
  /** Those of browsers that are known only from a page, any of which they may read. */
  all?: readonly TrustStoreView[]
}

/** Proofs kept on disk, the latest ones. */
const most = 2000

/** The last result of each client's probe, by the name that it loaded. */
export function proofsOf({ folder }: Pick<HostEnvironment, 'folder'>) {
  const path = join(folder, 'proofs.json')
  const read = () => {
    try {
      if (!statSync(path).isFile()) return []
      // A file of another version has no proofs that count.
      return storedProofsSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? []
    } catch {
      // A missing or damaged file has none either.
      return []
    }
  }
  const write = (latest: z.infer<typeof storedProofsSchema>) => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    replaceFile(path, Buffer.from(JSON.stringify(latest)), 0o600)
  }
  return {
    all: read,
    /** Last probe of a client, against a temporary name or a domain; null without one. */
    of: (client: string, name: string | null = null) =>
      read().find((each) => each.client === client && each.proof.against.name === name)?.proof ?? null,
    /** Ends the proofs of clients whose stores have changed; those made since the reading began have newer stores. */
    follow({ since, clients, all }: Reading) {
      const before = read()
      const after = before.map(({ client, proof }) => {
        const stores = client.startsWith(pagePrefix) ? all : clients.find(({ id }) => id === client)?.stores
        const isOlder = new Date(proof.at) < since
        return { client, proof: stores && isOlder ? proofAfter(stores, proof) : proof }
      })
      if (after.some(({ proof }, at) => proof !== before[at]?.proof)) write(after)
    },
    /** Ends the proofs of the clients that read a store. */
    endWith(store: string) {
      const isOf = (proof: TrustProof) => proof.stores.some(({ id }) => id === store)
      write(
        read().map(({ client, proof }) => ({
          client,
          proof: isOf(proof) ? { ...proof, storesChanged: true } : proof,
        })),
      )
    },
    /** Browsers without another row, proven by a page that was opened in them. */
    byPage: (facts: { stores: readonly TrustStoreView[]; served: ServedNow | null; now: Date }) =>
      read()
        .filter(
          ({ client, proof }) =>
            client.startsWith(pagePrefix) && clientTrust({ ...facts, proof }) === 'proven',
        )
        .map(({ client, proof }) => pageRow({ id: client, proof })),
    note(client: string, proof: TrustProof) {
      const isOther = (each: { client: string; proof: TrustProof }) =>
        each.client !== client || each.proof.against.name !== proof.against.name
      write([...read().filter(isOther), { client, proof }].slice(-most))
    },
  }
}

/** States of stores at the time of a proof. */
export function statesOf(stores: readonly TrustStoreView[]): TrustProof['stores'] {
  return stores.map(({ id, state }) => ({ id, state }))
}

const pagePrefix = 'page:'

/** Row id of a browser with unknown stores; `full` is its name with version. */
export function pageRowId(full: string): string {
  return `${pagePrefix}${full}`
}

/** Client row without known stores, which cannot be run. It counts while no store of this computer changes. */
export function pageRow({ id, proof }: { id: string; proof: TrustProof }): TrustClient {
  return {
    ...{
      id,
      kind: 'browser',
      name: id.slice(pagePrefix.length),
      path: '',
      stores: [],
      state: 'trusted',
      trust: 'proven',
      sentence: proof.sentence,
      proof,
    },
    unprovable: 'Edgekeep does not know where this browser is; the page that is opened in it proves it.',
    optional: true,
  }
}
