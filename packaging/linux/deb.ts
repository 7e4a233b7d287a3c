import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { product } from '../product.ts'
import { completionFiles, layTree, type LinuxPackage } from './tree.ts'

/** Libraries and programs that Electron uses. Ubuntu and Debian renamed some for 64-bit time. */
const depends = [
  'libasound2t64 | libasound2',
  'libatk-bridge2.0-0t64 | libatk-bridge2.0-0',
  'libatk1.0-0t64 | libatk1.0-0',
  'libatspi2.0-0t64 | libatspi2.0-0',
  'libc6 (>= 2.28)',
  'libcups2t64 | libcups2',
  'libdbus-1-3',
  'libdrm2',
  'libexpat1',
  'libgbm1',
  'libglib2.0-0t64 | libglib2.0-0',
  'libgtk-3-0t64 | libgtk-3-0',
  'libnotify4',
  'libnspr4',
  'libnss3',
  'libpango-1.0-0',
  'libstdc++6',
  'libx11-6',
  'libxcb1',
  'libxcomposite1',
  'libxdamage1',
  'libxext6',
  'libxfixes3',
  'libxkbcommon0',
  'libxrandr2',
  'xdg-utils',
]

/** Debian's architecture names that differ from Node's. */
const archNames: Record<string, string> = { x64: 'amd64' }

/** Builds the package with Debian's own tool. Returns its path. */
export function makeDeb(from: LinuxPackage): string {
  const root = join(from.output, 'deb')
  layTree(root, from, completionFiles('vendor-completions'))
  const control = join(root, 'DEBIAN')
  mkdirSync(control)
  writeFileSync(join(control, 'control'), controlOf(from, sizeOf(root)))
  const script = (name: string, text: string) =>
    writeFileSync(join(control, name), `#!/bin/sh\nset -e\n${text}`, { mode: 0o755 })
  script('postinst', readFileSync('packaging/linux/after-install.sh', 'utf8'))
  const beforeRemove = readFileSync('packaging/linux/before-remove.sh', 'utf8')
  script('prerm', `[ "$1" = remove ] || exit 0\n${beforeRemove}`)
  const afterRemove = readFileSync('packaging/linux/after-remove.sh', 'utf8')
  script('postrm', `case "$1" in remove | purge) ;; *) exit 0 ;; esac\n${afterRemove}`)
  // An AppArmor that is installed later loads the profile then.
  writeFileSync(join(control, 'triggers'), 'interest-noawait /etc/apparmor.d/abi/4.0\n')
  const file = join(from.output, `edgekeep_${from.version}_${archNames[from.arch] ?? from.arch}.deb`)
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zzstd', '-z9', '--build', root, file], {
    stdio: 'inherit',
  })
  rmSync(root, { recursive: true })
  return file
}

/** Installed size in units of 1024 bytes, without the control files. */
function sizeOf(root: string): number {
  const output = execFileSync('du', ['-sk', '--apparent-size', '--exclude=DEBIAN', root], {
    encoding: 'utf8',
  })
  return Number.parseInt(output, 10)
}

function controlOf({ version, arch }: LinuxPackage, sizeKiB: number): string {
  return [
    'Package: edgekeep',
    `Version: ${version}`,
    `Architecture: ${archNames[arch] ?? arch}`,
    `Maintainer: ${product.maintainer}`,
    `Installed-Size: ${sizeKiB}`,
    `Depends: ${depends.join(', ')}`,
    'Section: web',
    'Priority: optional',
    `Description: ${product.summary}`,
    ...product.description.map((line) => ` ${line}`),
    '',
  ].join('\n')
}
