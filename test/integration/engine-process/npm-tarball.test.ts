import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { expect, test } from 'vitest'

interface Tarball {
  size: number
  unpackedSize: number
  files: { path: string; mode: number }[]
}

const mb = 1_000_000

/** Lists the contents of the tarball that `npm pack` would make of this checkout. */
function packDry(): Tarball {
  // Skips the scripts, which would rebuild the product during the other tests.
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const output = execFileSync('npm', words, { encoding: 'utf8', shell: process.platform === 'win32' })
  return (JSON.parse(output) as Tarball[])[0]!
}

const tarball = packDry()

test('the npm package holds the launcher, what the pinned Node runs and the window, and nothing else', () => {
  const { files, size, unpackedSize } = tarball
  const kinds = new Set(files.map(({ path }) => path.replace(/^(out\/node|out\/renderer)\/.*/, '$1')))
  expect([...kinds].sort()).toEqual([
    'LICENSE',
    'README.md',
    'bin/edgekeep.mjs',
    'bin/pinned-node.mjs',
    'bin/private-process.mjs',
    // npm packs whatever `main` names, which Electron reads in a checkout.
    'out/main/index.cjs',
    'out/node',
    'out/renderer',
    'package.json',
  ])
  const odd = files.filter(
    ({ path }) => !/\.(c?js|mjs|d\.ts|css|html|json|md|png|svg|woff2)$|^LICENSE$|\/llms\.txt$/.test(path),
  )
  expect(odd).toEqual([])
  expect(size).toBeLessThan(7 * mb)
  expect(unpackedSize).toBeLessThan(17 * mb)
})

test('the npm package has every file that its subpaths name', () => {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    exports: Record<string, string | Record<string, string>>
  }
  const named = Object.values(exports).flatMap((target) =>
    typeof target === 'string' ? target : Object.values(target),
  )
  const packed = tarball.files.map(({ path }) => `./${path}`)
  expect(named.filter((path) => !packed.includes(path))).toEqual([])
  expect(named).toHaveLength(5)
})

test('the npm package imports only its own files, Node’s modules and its dependencies', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    dependencies: Record<string, string>
  }
  const imported = new Set<string>()
  for (const { path } of tarball.files) {
    if (!path.startsWith('out/node/') || !path.endsWith('.js')) continue
    const text = readFileSync(path, 'utf8')
    const names = [
      ...text.matchAll(/^import [^'"]*['"]([^'"]+)['"];?$/gm),
      ...text.matchAll(/\bimport\(['"]([^'"]+)['"]\)/g),
    ]
    for (const [, name] of names) imported.add(name!)
  }
  const foreign = [...imported].filter((name) => !/^(node:|\.)/.test(name) && !isBuiltin(name))
  expect(foreign.sort()).toEqual(Object.keys(manifest.dependencies).sort())
})
