import { Option } from 'commander'
import { usageError } from '../frame/command.ts'

export interface UploadOptions {
  upload?: string[]
  name?: string
  keep?: boolean
}

export const uploadOption = new Option('--upload <file...>', 'certificate and key files, in any order')

export const nameOption = new Option('--name <name>', 'name for the uploaded certificate')

export const keepOption = new Option(
  '--keep',
  'keep the uploaded certificate in the vault when HTTPS is turned off',
)

/** Option of every command that swaps certificates. */
export const keepOldOption = new Option(
  '--keep-old',
  'keep in the vault what the swap would erase: the certificate before the previous one',
)

/** @throws EdgekeepError `usage.wrong` for options about an upload without an upload */
export function requireUpload({ upload, name, keep }: UploadOptions): void {
  if (upload !== undefined || (name === undefined && keep === undefined)) return
  throw usageError('--name and --keep go with --upload: they are about the certificate that is uploaded.')
}
