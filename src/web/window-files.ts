import { existsSync, readdirSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'

const types = new Map<string, string>(
  Object.entries({
    '.css': 'text/css; charset=utf-8',
    '.html': 'text/html; charset=utf-8',
    '.ico': 'image/x-icon',
    '.js': 'text/javascript; charset=utf-8',
    '.json': 'application/json; charset=utf-8',
    '.md': 'text/markdown; charset=utf-8',
    '.png': 'image/png',
    '.svg': 'image/svg+xml; charset=utf-8',
    '.txt': 'text/plain; charset=utf-8',
    '.wasm': 'application/wasm',
    '.webp': 'image/webp',
    '.woff': 'font/woff',
    '.woff2': 'font/woff2',
  }),
)

export interface WindowFile {
  path: string
  type: string
}

export interface WindowFiles {
  /** Finds the file at `pathname`; `/` is the page. Places inside the window are in the URL's fragment. */
  find(pathname: string): WindowFile | null
}

/** Lists `folder` once; null if missing. Only listed paths are opened, so no pathname leads out of it. */
export function indexWindowFiles(folder: string): WindowFiles | null {
  if (!existsSync(folder)) return null
  const files = new Map(listFiles(folder).map((path) => [urlPathOf(folder, path), describe(path)]))
  const page = files.get('/index.html')
  if (!page) return null
  return {
    find: (pathname) => (pathname === '/' ? page : (files.get(pathname) ?? null)),
  }
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return listFiles(path)
    return entry.isFile() ? [path] : []
  })
}

function urlPathOf(folder: string, path: string): string {
  return `/${relative(folder, path).split(sep).map(encodeURIComponent).join('/')}`
}

function describe(path: string): WindowFile {
  return { path, type: types.get(extname(path)) ?? 'application/octet-stream' }
}
