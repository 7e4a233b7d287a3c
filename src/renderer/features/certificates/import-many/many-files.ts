import { refuseTooLarge } from '../../../ui/staging/file-size.ts'
import { EdgekeepError } from '../../../../contract/errors.ts'

/** What the engine takes in one import. */
const mostFiles = 5000

/** A file as the browser gives it when its folder was chosen or dropped. */
type Found = File & { readonly relativePath?: string }

/** `files` under names that say in which folder they lay; only handles, nothing is read. */
export function withFolders(files: readonly Found[]): File[] {
  return files.map((file) => {
    const path = (file.webkitRelativePath || file.relativePath || file.name).replace(/^[./\\]+/, '')
    return path === file.name ? file : new File([file], path, { lastModified: file.lastModified })
  })
}

/** @throws `input.too_large` or `input.invalid` where the engine would not take them */
export function refuseTooMany(files: readonly File[]): void {
  refuseTooLarge(files)
  if (files.length <= mostFiles) return
  const reason = `These are ${files.length} files; ${mostFiles} are taken at once. Give a part of them.`
  throw new EdgekeepError('input.invalid', { reason })
}
