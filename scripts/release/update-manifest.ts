import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { manifestSchema, type Manifest, type PackageKind } from '../../src/main/updates/manifest.ts'

const kinds: [ending: RegExp, kind: PackageKind][] = [
  [/\.AppImage$/, 'appimage'],
  [/\.deb$/, 'deb'],
  [/\.rpm$/, 'rpm'],
  [/\.exe$/, 'nsis'],
  [/mac.*\.zip$|darwin.*\.zip$/, 'mac-zip'],
]

/**
 * Update manifest for a folder of built packages.
 * @throws if there is none
 */
export function manifestOf(
  folder: string,
  { version, notes, at }: { version: string; notes: string; at: Date },
): Manifest {
  const packages = readdirSync(folder)
    .toSorted()
    .flatMap((name) => {
      const kind = kinds.find(([ending]) => ending.test(name))?.[1]
      if (!kind) return []
      const bytes = readFileSync(join(folder, name))
      const sha512 = createHash('sha512').update(bytes).digest('hex')
      return [{ kind, arch: archOf(name), name, sizeBytes: bytes.length, sha512 }]
    })
  if (packages.length === 0) throw new Error(`There is no package in ${folder}.`)
  return manifestSchema.parse({
    product: 'edgekeep',
    version,
    releasedAt: at.toISOString(),
    expiresAt: expiryAt(at),
    notes,
    packages,
  })
}

/**
 * The same manifest with a new validity period.
 * @throws if it is malformed
 */
export function renewedManifest(content: Uint8Array, at: Date): Manifest {
  const manifest = manifestSchema.parse(JSON.parse(Buffer.from(content).toString('utf8')))
  return { ...manifest, expiresAt: expiryAt(at) }
}

/** Days until a replayed manifest is rejected; a scheduled run renews it each month. */
const validDays = 90

function expiryAt(at: Date): string {
  return new Date(at.getTime() + validDays * 86_400_000).toISOString()
}

function archOf(name: string): 'x64' | 'arm64' {
  return /arm64|aarch64/.test(name) ? 'arm64' : 'x64'
}

/** The changelog section of `version`, else that of unreleased changes, without its heading. */
export function notesFor(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1)
  const named = (name: string) => sections.find((section) => section.toLowerCase().startsWith(name))
  const section = named(version) ?? named(`[${version}]`) ?? named('unreleased') ?? named('[unreleased]')
  return (section ?? '').split('\n').slice(1).join('\n').trim().slice(0, 20_000)
}
