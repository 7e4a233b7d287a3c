import { Button } from '@mantine/core'
import { IconFolderOpen } from '@tabler/icons-react'
import { useRef } from 'react'

/** Chooses a folder with its subfolders, which browsers offer only through `webkitdirectory`. */
export function FolderButton({ label, onFiles }: { label: string; onFiles: (files: File[]) => void }) {
  const field = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={field}
        type="file"
        hidden
        aria-label={label}
        // Not in React's types.
        {...{ webkitdirectory: '' }}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])])
          event.currentTarget.value = ''
        }}
      />
      <Button
        variant="default"
        leftSection={<IconFolderOpen size={15} />}
        onClick={() => field.current?.click()}
      >
        {label}
      </Button>
    </>
  )
}

/** A file from a chosen (`webkitRelativePath`) or dropped (`relativePath`) folder. */
type Found = File & { readonly relativePath?: string }

/** Renames `files` to their relative paths. Only handles; nothing is read. */
export function withFolders(files: readonly Found[]): File[] {
  return files.map((file) => {
    const path = (file.webkitRelativePath || file.relativePath || file.name).replace(/^[./\\]+/, '')
    return path === file.name ? file : new File([file], path, { lastModified: file.lastModified })
  })
}
