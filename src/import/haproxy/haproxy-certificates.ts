import { dirname, isAbsolute, join, resolve } from 'node:path'
import { UnreadableFile } from '../setup/bounded-files.ts'
import type { BoundedFiles, CertificateFiles } from '../setup/found.ts'
import type { NoteTaker } from '../setup/notes.ts'
import type { Line, Section } from './haproxy-syntax.ts'

/** Names in a folder of certificates that HAProxy takes for none (configuration manual, "crt"). */
const beside = /\.(?:issuer|key|ocsp|sctl)$/

/** Path that a line names, below the folder of `crt-base` or `ca-base`. */
export function pathBelow(keyword: string, written: string, { file }: Line, globals: Section[]): string {
  const lines = globals.flatMap(({ lines: inside }) => inside)
  const base = lines.find(({ tokens }) => tokens[0] === keyword)?.tokens[1]
  return isAbsolute(written) || written.startsWith('@') ? written : resolve(base ?? dirname(file), written)
}

/** Certificates of `crt` and `crt-list` in lines that begin with `bind`. */
export function certificatesOf(
  binds: Line[],
  { globals, files, notes }: { globals: Section[]; files: BoundedFiles; notes: NoteTaker },
): CertificateFiles[] {
  const pathOf = (written: string, line: Line) => pathBelow('crt-base', written, line, globals)

  function listed(path: string, bind: Line): string[] {
    const text = readable(path, bind, () => files.text(path))
    const entries = (text ?? '').split('\n').map((line) => line.trim().split(/[\s[]/)[0] ?? '')
    return entries
      .filter((entry) => entry !== '' && !entry.startsWith('#'))
      .map((entry) => pathOf(entry, bind))
  }

  function expanded(path: string, bind: Line): string[] {
    if (!files.isFolder(path)) return [path]
    const names = readable(path, bind, () => files.names(path)) ?? []
    return names.filter((name) => !name.startsWith('.') && !beside.test(name)).map((name) => join(path, name))
  }

  function readable<T>(path: string, bind: Line, read: () => T): T | null {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error
      notes.left({ ...bind, file: path }, 'crt', `It cannot be read: ${error.message}.`)
      return null
    }
  }

  const paths = binds.flatMap((bind) => {
    const valuesOf = (keyword: string) =>
      bind.tokens.flatMap((word, at) => (word === keyword ? (bind.tokens[at + 1] ?? []) : []))
    const crts = valuesOf('crt').map((written) => pathOf(written, bind))
    const lists = valuesOf('crt-list').flatMap((written) => listed(pathOf(written, bind), bind))
    return [...crts, ...lists].flatMap((path) => expanded(path, bind))
  })
  return [...new Set(paths)].map((path) => ({
    certificate: path,
    key: files.exists(`${path}.key`) ? `${path}.key` : path,
  }))
}
