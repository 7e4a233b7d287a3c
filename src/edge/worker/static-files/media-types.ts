import { mimes } from 'mrmime'

/** Media type of a file by its name; text is UTF-8. */
export function mediaType(name: string): string {
  const dot = name.lastIndexOf('.')
  const type = dot < 0 ? undefined : types.get(name.slice(dot + 1).toLowerCase())
  if (type === undefined) return 'application/octet-stream'
  return type.startsWith('text/') ? `${type}; charset=utf-8` : type
}

/**
 * Common types of sites that mrmime leaves out, most of them vendor-registered. Its own look-up is not used:
 * for a name such as `a.constructor` it returns a property that every object inherits.
 */
const types: ReadonlyMap<string, string> = new Map([
  ...Object.entries(mimes),
  ['apk', 'application/vnd.android.package-archive'],
  ...['crt', 'cer', 'der'].map((name) => [name, 'application/x-x509-ca-cert'] as const),
  ['eot', 'application/vnd.ms-fontobject'],
  ['cur', 'image/vnd.microsoft.icon'],
  ['ico', 'image/vnd.microsoft.icon'],
  ['jxl', 'image/jxl'],
  ['m2ts', 'video/mp2t'],
  ['m3u8', 'application/vnd.apple.mpegurl'],
  ['mkv', 'video/x-matroska'],
  ['mov', 'video/quicktime'],
  ['7z', 'application/x-7z-compressed'],
  ['tar', 'application/x-tar'],
  ['tgz', 'application/gzip'],
  ['zst', 'application/zstd'],
  ['flac', 'audio/flac'],
  ['opus', 'audio/ogg'],
])
