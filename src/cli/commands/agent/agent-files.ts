import { basename, resolve } from 'node:path'
import { z } from 'zod'
import type { Client } from '../../../client/client.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { asUploads, readFile } from '../../input/files.ts'

const longestText = 512 * 1024

/** Certificates for a tool: files of this computer by path, or PEM text. */
export const filesInput = {
  paths: z.array(z.string().min(1).max(4096)).max(20).optional().describe('Paths of files on this computer.'),
  text: z
    .string()
    .max(longestText)
    .optional()
    .describe('Certificates as PEM. Never a private key: name its file in paths instead.'),
}
export type GivenToAgent = { paths?: string[]; text?: string }

/**
 * Reads the files once the engine has recorded that.
 * @throws `usage.wrong`, `input.file_unreadable`, `input.too_large`, `agent.never_allowed` for a key in the text:
 *   the conversation that it stands in is kept by others; and as calls of an agent
 */
export async function agentFiles(client: Client, { paths = [], text }: GivenToAgent): Promise<File[]> {
  await client.agents.readFiles({ files: paths.map((path) => resolve(path)) })
  if (text !== undefined && /PRIVATE KEY/i.test(text))
    throw new EdgekeepError('agent.never_allowed', {
      reason: 'a private key does not belong into a conversation; its file can be named by its path',
    })
  const pasted = text === undefined ? [] : [new File([text], 'text')]
  const files = [...asUploads(paths.map(readLocal)), ...pasted]
  if (files.length === 0) throw new EdgekeepError('usage.wrong', { reason: 'Give paths or text.' })
  return files
}

/** Refuses a network path, because Windows logs in at its server before a byte is read. */
function readLocal(path: string) {
  if (/^[\\/]{2}/.test(path))
    throw new EdgekeepError('input.file_unreadable', {
      file: basename(path),
      reason: 'it is on another computer',
    })
  return readFile(path)
}
