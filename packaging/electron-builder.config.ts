import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { layEngineFolder } from './engine-folder.ts'
import { product } from './product.ts'

/** Another Electron than that of package.json, where that cannot be fetched: for tests, never to be published. */
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
 * How electron-builder puts the desktop app together, for the system and architecture that it runs on; it checks
 * the form of this itself. `app.asar` has what Electron loads, and nothing of node_modules: it is all in the bundles.
 * The folder `engine` beside it has what the pinned Node runs.
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
    // Electron has this one since version 29.
    ...(Number.parseInt(electronVersion, 10) >= 29 ? { grantFileProtocolExtraPrivileges: false } : {}),
  },
  afterPack({ appOutDir, packager }: Packed): void {
    const resources = packager.getResourcesDir(appOutDir)
    // A distribution that was built to start other apps brings one of its own.
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
    // Signed and notarised where CSC_LINK and APPLE_API_KEY are set.
    hardenedRuntime: true,
    entitlements: 'packaging/mac/entitlements.plist',
    entitlementsInherit: 'packaging/mac/entitlements.plist',
    fileAssociations: [
      { ext: product.extensions, name: 'Certificate or key', role: 'Viewer', rank: 'Alternate' },
    ],
  },
  // Signed where WIN_CSC_LINK is set.
  win: { icon: 'packaging/icons/icon.ico' },
  nsis: { oneClick: true, perMachine: false, include: 'packaging/windows/installer.nsh' },
}

function mimeTypesOf(desktopEntry: string): string[] {
  const [, types = ''] = /^MimeType=(.*)$/m.exec(desktopEntry) ?? []
  return types.split(';').filter(Boolean)
}
