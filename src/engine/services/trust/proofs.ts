import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { trustProofSchema, type TrustProof } from '../../../contract/trust.ts'
import { replaceFile } from '../../trust/journal.ts'
import type { Surroundings } from '../../trust/surroundings.ts'

const keptSchema = z.array(z.object({ client: z.string(), root: z.string(), proof: trustProofSchema }))

/** What was proven of clients, with the root that it was proven for. */
export interface Proofs {
  of(client: string, root: string): TrustProof | null
  note(client: string, root: string, proof: TrustProof): void
  /** After a change of stores nothing is proven any more. */
  clear(): void
}

export function proofsOf({ folder }: Pick<Surroundings, 'folder'>): Proofs {
  const path = join(folder, 'proofs.json')
  const read = () => (existsSync(path) ? keptSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : [])
  const write = (kept: z.infer<typeof keptSchema>) => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    replaceFile(path, Buffer.from(JSON.stringify(kept)), 0o600)
  }
  return {
    of: (client, root) => read().find((each) => each.client === client && each.root === root)?.proof ?? null,
    note: (client, root, proof) =>
      write([...read().filter((each) => each.client !== client), { client, root, proof }]),
    clear: () => write([]),
  }
}
