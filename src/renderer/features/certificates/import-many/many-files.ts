import { refuseTooLarge } from '../../../ui/forms/transferred-files.ts'
import { EdgekeepError } from '../../../../contract/errors/registry.ts'

/** Limit of the engine for one import. */
const mostFiles = 5000

/** A file from a chosen (`webkitRelativePath`) or dropped (`relativePath`) folder. */
type Found = File & { readonly relativePath?: string }

/** Renames `files` to their relative paths. Only handles; nothing is read. */
export function withFolders(files: readonly Found[]): File[] {
  return files.map((file) => {
    const path = (file.webkitRelativePath || file.relativePath || file.name).replace(/^[./\\]+/, '')
    return path === file.name ? file : new File([file], path, { lastModified: file.lastModified })
  })
}

/** @throws `input.too_large` or `input.invalid` beyond the engine's limits */
export function refuseTooMany(files: readonly File[]): void {
  refuseTooLarge(files)
  if (files.length <= mostFiles) return
  const reason = `These are ${files.length} files; ${mostFiles} are taken at once. Give a part of them.`
  throw new EdgekeepError('input.invalid', { reason })
}
