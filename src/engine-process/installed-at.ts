import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Where the parts of this Edgekeep lie. */
export interface Installation {
  /**
   * `checkout`: sources and all packages, and Electron's where it could be fetched. `npm`: the npm package, which has
   * no desktop app. `desktop`: what an installer put on this computer.
   */
  kind: 'checkout' | 'npm' | 'desktop'
  /** Has `package.json`, the pages and pictures. For the desktop app an archive, which only Electron reads. */
  root: string
  /** Has the pinned Node and what runs on it: always a folder, and outside that archive. */
  nodeRoot: string
  /** Built entry of the engine, for the pinned Node. */
  engineEntry: string
  /** Built entry of the process that only looks into files, likewise. */
  inspectOnlyEntry: string
  /** Built pages of the window. */
  rendererFolder: string
}

/** In the resources of an installed desktop app: what Electron loads, and the folder of what the pinned Node runs. */
const archive = 'app.asar'
const nodeFolder = 'engine'

/** The installation this code belongs to, found upwards from its own file; null where `package.json` is missing. */
export function lookForInstallation(from: string = import.meta.dirname): Installation | null {
  for (let folder = from; ; folder = dirname(folder)) {
    if (isOurs(join(folder, 'package.json'))) return installationAt(folder)
    if (folder === dirname(folder)) return null
  }
}

function installationAt(root: string): Installation {
  const kind = kindOf(root)
  const nodeRoot = kind === 'desktop' ? join(dirname(root), nodeFolder) : root
  return {
    kind,
    root,
    nodeRoot,
    engineEntry: join(nodeRoot, 'out', 'node', 'engine.js'),
    inspectOnlyEntry: join(nodeRoot, 'out', 'node', 'inspect-only.js'),
    rendererFolder: join(root, 'out', 'renderer'),
  }
}

function kindOf(root: string): Installation['kind'] {
  if (existsSync(join(root, 'src'))) return 'checkout'
  const isDesktop = [archive, nodeFolder].includes(basename(root)) && existsSync(join(dirname(root), archive))
  return isDesktop ? 'desktop' : 'npm'
}

function isOurs(manifest: string): boolean {
  if (!existsSync(manifest)) return false
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'edgekeep'
}
