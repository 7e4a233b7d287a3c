import { usageError } from '../frame/command.ts'
import type { OptionsOf } from '../frame/declare.ts'

export const uploadFlag = { '--upload <file...>': 'certificate and key files, in any order' } as const
export const nameFlag = { '--name <name>': 'name for the uploaded certificate' } as const
export const keepFlag = {
  '--keep': 'keep the uploaded certificate in the vault when HTTPS is turned off',
} as const
export type UploadOptions = OptionsOf<typeof uploadFlag & typeof nameFlag & typeof keepFlag>

/** Option of every command that swaps certificates. */
export const keepOldFlag = {
  '--keep-old': 'keep in the vault what the swap would erase: the certificate before the previous one',
} as const

/** @throws EdgekeepError `usage.wrong` for options about an upload without an upload */
export function requireUpload({ upload, name, keep }: UploadOptions): void {
  if (upload !== undefined || (name === undefined && keep === undefined)) return
  throw usageError('--name and --keep go with --upload: they are about the certificate that is uploaded.')
}
