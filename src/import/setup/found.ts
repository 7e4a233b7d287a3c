import type { Note } from '../../contract/imports/imports.ts'
import type { ServerOrigin, Origin } from '../../contract/domains/origins.ts'
import type { HstsPolicy } from '../../contract/domains/hsts.ts'
import type { HeaderRule } from '../../contract/domains/header-rules.ts'

/** Position in a file of the other program. */
export interface FoundAt {
  /** Absolute path. */
  file: string
  line?: number
}

export interface FoundRoute {
  path: string
  origin: ServerOrigin
  stripPath: boolean
}

/** Files of one certificate; `key` may be the same file. */
export interface CertificateFiles {
  certificate: string
  key: string | null
}

/** Virtual host of the other program. Two of one name, for HTTP and HTTPS, are merged. */
export interface FoundSite extends FoundAt {
  names: string[]
  /** Null: plain HTTP. `unknown`: HTTPS with a certificate that is not found. */
  https: CertificateFiles | 'unknown' | null
  /** Origin; null for a site that only redirects. */
  origin: Origin | null
  backups: ServerOrigin[]
  routes: FoundRoute[]
  /** Redirect of all requests to the other scheme. */
  redirect: { to: 'https' | 'http'; code: 301 | 302 | 307 | 308 } | null
  hsts: HstsPolicy | null
  headers: HeaderRule[]
  maxBytes: number | null
  minimumVersion: '1.2' | '1.3' | null
  /** Restriction that is not taken over, so neither is the site: it would be open to all. */
  restrictedBy: string | null
  /** Commands that restrict a domain alike, without `edgekeep`; none: no setting here is equivalent. */
  restricting?: ((domain: string) => string)[]
}

/** All that a reader found. */
export interface FoundSetup {
  sites: FoundSite[]
  /** Certificates beside those of the sites. */
  certificates: CertificateFiles[]
  /** Certificates and keys inside of other files, by a name that stands for a path in `CertificateFiles`. */
  embedded: Map<string, Buffer<ArrayBuffer>>
  /** Certificates of authorities that this computer may trust; their keys are never opened. */
  anchors: string[]
  notes: Note[]
}

export function emptySetup(): FoundSetup {
  return { sites: [], certificates: [], embedded: new Map(), anchors: [], notes: [] }
}

export function emptySite(at: FoundAt, names: string[]): FoundSite {
  return {
    file: at.file,
    ...(at.line !== undefined && { line: at.line }),
    names,
    https: null,
    origin: null,
    backups: [],
    routes: [],
    redirect: null,
    hsts: null,
    headers: [],
    maxBytes: null,
    minimumVersion: null,
    restrictedBy: null,
  }
}

/** Reads the setup at an absolute path, a file or a folder. */
export type Reader = (path: string, files: BoundedFiles) => FoundSetup | Promise<FoundSetup>

/** Access to files with limits on their size and number. */
export interface BoundedFiles {
  /** Bytes that may hold a key; the caller wipes them. Up to 4 MiB by default. @throws UnreadableFile */
  bytes(path: string, mostBytes?: number): Buffer<ArrayBuffer>
  /** @throws UnreadableFile */
  text(path: string): string
  /** Names in a folder, sorted; empty if there is none. @throws UnreadableFile */
  names(folder: string): string[]
  exists(path: string): boolean
  isFolder(path: string): boolean
  /** Whether paths are those of this computer, so that a program of it may read them. */
  isOnDisk: boolean
  /** Real paths of the files read so far. */
  read: Set<string>
}
