import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { nodePackage, nodeProgram } from '../bin/pinned-node.mjs'

const { platform, arch } = process
const libc = platform === 'linux' ? '-gnu' : platform === 'win32' ? '-msvc' : ''
const sqlite = 'node_modules/better-sqlite3'
const keyring = 'node_modules/@napi-rs/keyring'

/**
 * Files of the engine folder. The two native packages are the only node_modules, with the binaries of this
 * system alone; the rest is bundled.
 */
const parts = [
  'package.json',
  'LICENSE',
  'bin/edgekeep.mjs',
  'bin/pinned-node.mjs',
  'bin/private-process.mjs',
  'out/node',
  'out/renderer',
  `${sqlite}/package.json`,
  `${sqlite}/LICENSE`,
  `${sqlite}/lib`,
  `${sqlite}/prebuilds/${platform}-${arch}.node`,
  `${keyring}/package.json`,
  `${keyring}/LICENSE`,
  `${keyring}/index.js`,
  `${keyring}-${platform}-${arch}${libc}`,
  join('node_modules', nodeProgram),
]

/** Missing if setup took Node from elsewhere than npm. */
const nodeLicense = join('node_modules', nodePackage, 'LICENSE')

/**
 * Copies the pinned Node and the files it runs from the checkout at `root` to `folder`: the folder `engine`
 * of an installed desktop app. Throws if a part is missing.
 */
export function layEngineFolder(root: string, folder: string): void {
  const copy = (from: string, to = from) => {
    mkdirSync(dirname(join(folder, to)), { recursive: true })
    cpSync(join(root, from), join(folder, to), { recursive: true })
  }
  for (const part of parts) copy(part)
  if (existsSync(join(root, nodeLicense))) copy(nodeLicense)
  const launcher = platform === 'win32' ? 'edgekeep.cmd' : 'edgekeep'
  copy(join('packaging', 'launchers', launcher), join('bin', launcher))
}
