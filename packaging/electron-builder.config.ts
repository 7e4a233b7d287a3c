import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { layEngineFolder } from './engine-folder.ts'
import { product } from './product.ts'

/**
 * An Electron other than that of package.json, if that cannot be downloaded: for tests, never for a release.
 */
const electronDist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] || undefined
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { devDependencies: { electron: string } }
const electronVersion = electronDist
  ? readFileSync(join(electronDist, 'version'), 'utf8').trim().replace(/^v/, '')
  : manifest.devDependencies.electron

interface Packed {
  appOutDir: string
  packager: { projectDir: string; getResourcesDir(appOutDir: string): string }
}

/**
 * Configuration of electron-builder for the desktop app, for the current system and architecture;
 * electron-builder validates its form. `app.asar` has only Electron's bundles, which include their
 * node_modules. The folder `engine` beside it has the files that the pinned Node runs.
 */
export default {
  appId: product.id,
  productName: product.name,
  copyright: 'Copyright © 2026 The Edgekeep developers',
  electronVersion,
  electronDist,
  directories: { output: 'dist', buildResources: 'packaging' },
  artifactName: '${productName}-${version}-${os}-${arch}.${ext}',
  asar: true,
  npmRebuild: false,
  publish: null,
  files: [
    'package.json',
    'out/**',
    '!out/node',
    '!out/{built-from,setup.lock}',
    'resources/**',
    '!node_modules',
  ],
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableCookieEncryption: true,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    // Exists since Electron 29.
    ...(Number.parseInt(electronVersion, 10) >= 29 ? { grantFileProtocolExtraPrivileges: false } : {}),
  },
  afterPack({ appOutDir, packager }: Packed): void {
    const resources = packager.getResourcesDir(appOutDir)
    // An Electron that was packaged to start other apps contains an app of its own.
    rmSync(join(resources, 'app'), { recursive: true, force: true })
    layEngineFolder(packager.projectDir, join(resources, 'engine'))
  },
  linux: {
    executableName: product.linuxProgram,
    icon: 'packaging/icons',
    category: 'Development',
    synopsis: product.summary,
    description: product.description.join(' '),
    mimeTypes: mimeTypesOf(readFileSync('packaging/linux/edgekeep.desktop', 'utf8')),
  },
  appImage: { artifactName: '${productName}-${version}-linux-${arch}.${ext}' },
  mac: {
    icon: 'packaging/icons/icon.icns',
    category: 'public.app-category.developer-tools',
    minimumSystemVersion: '12.0',
    // Signed and notarised if CSC_LINK and APPLE_API_KEY are set.
    hardenedRuntime: true,
    entitlements: 'packaging/mac/entitlements.plist',
    entitlementsInherit: 'packaging/mac/entitlements.plist',
    fileAssociations: [
      { ext: product.extensions, name: 'Certificate or key', role: 'Viewer', rank: 'Alternate' },
    ],
  },
  // Signed if WIN_CSC_LINK is set.
  win: { icon: 'packaging/icons/icon.ico' },
  nsis: { oneClick: true, perMachine: false, include: 'packaging/windows/installer.nsh' },
}

function mimeTypesOf(desktopEntry: string): string[] {
  const [, types = ''] = /^MimeType=(.*)$/m.exec(desktopEntry) ?? []
  return types.split(';').filter(Boolean)
}
