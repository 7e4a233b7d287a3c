import type { Client } from '../../client/client.ts'
import type { Staged } from '../../contract/certificates/staging.ts'
import { asUploads, readFiles } from './files.ts'
import { askPassphraseAt, givenPassphrase, type PassphraseOptions } from './passphrase.ts'

/** Uploads files to the engine once, and opens encrypted keys with the given passphrase or a prompt. */
export async function stageFiles(
  client: Client,
  paths: string[],
  options: PassphraseOptions,
  domain?: string,
): Promise<Staged> {
  const uploads = asUploads(readFiles(paths))
  let staged = await client.staging.open({ files: uploads, domain })
  const given = givenPassphrase(options)
  for (const piece of staged.report.pieces) {
    if (piece.kind !== 'encrypted-private-key' && piece.kind !== 'archive') continue
    const passphrase = given ?? (await askPassphraseAt(piece.place))
    staged = await client.staging.unlock({ stagingId: staged.stagingId, pieceId: piece.id, passphrase })
  }
  return staged
}
