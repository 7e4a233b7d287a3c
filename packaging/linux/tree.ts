import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { completionScript, shells, type Shell } from '../../src/cli/completion/completion-scripts.ts'
import { createProgram } from '../../src/cli/program.ts'
import { product } from '../product.ts'
import { manPage } from './man-page.ts'

export interface LinuxPackage {
  /** The output folder of electron-builder. */
  unpacked: string
  version: string
  /** Node's architecture name. */
  arch: string
  output: string
}

const program = 'usr/lib/edgekeep'

/** Places where the shells look for completions of packages; zsh's folder differs between distributions. */
export function completionFiles(zshFolder: 'vendor-completions' | 'site-functions'): Record<Shell, string> {
  return {
    bash: 'usr/share/bash-completion/completions/edgekeep',
    zsh: `usr/share/zsh/${zshFolder}/_edgekeep`,
    fish: 'usr/share/fish/vendor_completions.d/edgekeep.fish',
  }
}

/** Creates the package's file tree under `root`. */
export function layTree(
  root: string,
  { unpacked }: LinuxPackage,
  completions: ReturnType<typeof completionFiles>,
): void {
  rmSync(root, { recursive: true, force: true })
  const at = (path: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    return join(root, path)
  }
  cpSync(unpacked, at(program), { recursive: true, verbatimSymlinks: true })
  // Setuid like Debian's: if the kernel has no unprivileged user namespaces, the sandbox needs root's rights.
  chmodSync(join(root, program, 'chrome-sandbox'), 0o4755)
  cpSync('packaging/linux/apparmor-profile', at(`${program}/apparmor-profile`))
  symlinkSync('../lib/edgekeep/resources/engine/bin/edgekeep', at('usr/bin/edgekeep'))
  cpSync('packaging/linux/edgekeep.desktop', at('usr/share/applications/edgekeep.desktop'))
  cpSync('packaging/linux/edgekeep-mime.xml', at('usr/share/mime/packages/edgekeep.xml'))
  for (const name of readdirSync('packaging/icons')) {
    const [, size] = /^(\d+x\d+)\.png$/.exec(name) ?? []
    if (size) cpSync(join('packaging/icons', name), at(`usr/share/icons/hicolor/${size}/apps/edgekeep.png`))
  }
  cpSync('resources/icon.svg', at('usr/share/icons/hicolor/scalable/apps/edgekeep.svg'))
  writeFileSync(at('usr/share/doc/edgekeep/copyright'), copyright())
  const commandLine = createProgram(() => undefined)
  writeFileSync(at('usr/share/man/man1/edgekeep.1.gz'), gzipSync(manPage(commandLine), { level: 9 }))
  for (const shell of shells) writeFileSync(at(completions[shell]), completionScript(commandLine, shell))
}

/** Copyright file: locations of the licences of all parts. */
function copyright(): string {
  return [
    `${product.name} is under the MIT licence: /usr/lib/edgekeep/resources/engine/LICENSE`,
    'What it is made of:',
    '  Electron and Chromium: LICENSE.electron.txt and LICENSES.chromium.html in /usr/lib/edgekeep',
    '  Node: node_modules/node-*/LICENSE in /usr/lib/edgekeep/resources/engine',
    '  packages: third-party-licenses.md in out/node and out/renderer there, and LICENSE of each package of node_modules',
    '',
  ].join('\n')
}
