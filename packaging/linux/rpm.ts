import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { product } from '../product.ts'
import { completionFiles, layTree, type LinuxPackage } from './tree.ts'

/** Libraries that Electron loads, by library name: package names differ between Fedora and openSUSE. */
const libraries = [
  'libasound.so.2',
  'libatk-bridge-2.0.so.0',
  'libatspi.so.0',
  'libcups.so.2',
  'libdrm.so.2',
  'libgbm.so.1',
  'libgtk-3.so.0',
  'libnotify.so.4',
  'libnss3.so',
  'libxkbcommon.so.0',
]

const archNames: Record<string, string> = { x64: 'x86_64', arm64: 'aarch64' }

const completions = completionFiles('site-functions')

/** Builds the package with rpm's own tool. Returns its path. */
export function makeRpm(from: LinuxPackage): string {
  const top = resolve(from.output, 'rpm')
  const tree = join(top, 'tree')
  layTree(tree, from, completions)
  mkdirSync(join(top, 'build'), { recursive: true })
  const spec = join(top, 'edgekeep.spec')
  writeFileSync(spec, specOf(from, tree))
  const arch = archNames[from.arch] ?? from.arch
  execFileSync('rpmbuild', ['-bb', '--quiet', '--target', arch, '--define', `_topdir ${top}/build`, spec], {
    stdio: 'inherit',
  })
  const name = `edgekeep-${from.version}-1.${arch}.rpm`
  const file = join(from.output, name)
  renameSync(join(top, 'build', 'RPMS', arch, name), file)
  rmSync(top, { recursive: true })
  return file
}

/** Binaries are packaged unchanged: not stripped, not scanned for dependencies. */
function specOf({ version }: LinuxPackage, tree: string): string {
  return `%global debug_package %{nil}
%global __os_install_post %{nil}
%global _build_id_links none
%define _binary_payload w12.zstdio
AutoReqProv: no
Name: edgekeep
Version: ${version}
Release: 1
Summary: ${product.summary}
License: MIT
${libraries.map((name) => `Requires: ${name}()(64bit)`).join('\n')}
Requires: hicolor-icon-theme
Requires: xdg-utils

%description
${product.description.join('\n')}

%install
cp -a "${tree}/." "%{buildroot}/"

%files
%defattr(-,root,root,-)
/usr/lib/edgekeep
/usr/bin/edgekeep
/usr/share/applications/edgekeep.desktop
/usr/share/mime/packages/edgekeep.xml
/usr/share/icons/hicolor/*/apps/edgekeep.*
%doc /usr/share/doc/edgekeep
/usr/share/man/man1/edgekeep.1.gz
${Object.values(completions)
  .map((file) => `/${file}`)
  .join('\n')}

%post
${readFileSync('packaging/linux/after-install.sh', 'utf8')}
%preun
if [ "$1" = 0 ]; then
${readFileSync('packaging/linux/before-remove.sh', 'utf8')}fi
%postun
if [ "$1" = 0 ]; then
${readFileSync('packaging/linux/after-remove.sh', 'utf8')}fi
`
}
