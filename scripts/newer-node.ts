import { execFileSync } from 'node:child_process'
import packageJson from '../package.json' with { type: 'json' }

/*
 * Fails if npm has a newer patch of the pinned Node's line than package.json names, for any system. Without a
 * network it says so and passes. Not a part of `npm run check`, which needs no network.
 */

const pinned = Object.entries(packageJson.optionalDependencies).filter(([name]) =>
  /^node-(linux|win)/.test(name),
)

/** Versions of a package that npm has; null if it cannot be asked. */
function published(name: string): string[] | null {
  try {
    const answer = execFileSync('npm', ['view', name, 'versions', '--json'], {
      encoding: 'utf8',
      timeout: 30_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return [JSON.parse(answer) as string | string[]].flat()
  } catch {
    return null
  }
}

for (const [name, specifier] of pinned) {
  const version = /\d+\.\d+\.\d+$/.exec(specifier)?.[0] ?? specifier
  const versions = published(name)
  const line = (versions ?? []).filter(
    (each) => /^\d+\.\d+\.\d+$/.test(each) && parseInt(each) === parseInt(version),
  )
  const newest = line.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) ?? version
  if (versions === null) console.log(`${name}: npm cannot be asked`)
  else if (newest.localeCompare(version, 'en', { numeric: true }) > 0) {
    console.log(`${name}: ${version} is pinned, and npm has ${newest}`)
    process.exitCode = 1
  } else console.log(`${name}: ${version} is the newest`)
}
