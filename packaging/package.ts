import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { makeDeb } from './linux/deb.ts'
import { makeRpm } from './linux/rpm.ts'

/*
 * `npm run package [FORMAT…]`: builds the packages of this system and architecture, or only the given
 * formats, in dist/, with a file of their SHA-256. `dir` is the unpacked desktop app.
 */

const { platform, arch } = process
const output = 'dist'
const formats: Record<string, string[]> = {
  linux: ['deb', 'rpm', 'AppImage'],
  darwin: ['dmg', 'zip'],
  win32: ['nsis'],
}
/** Formats built with those systems' tools from electron-builder's output. */
const ours = new Map([
  ['deb', makeDeb],
  ['rpm', makeRpm],
])

const known = [...(formats[platform] ?? []), 'dir']
const named = process.argv.slice(2)
const unknown = named.find((format) => !known.includes(format))
if (unknown !== undefined) {
  console.error(`There is no package ${unknown} for this system. There are: ${known.join(', ')}.`)
  process.exit(2)
}
const wanted = named.length > 0 ? named : known

rmSync(output, { recursive: true, force: true })
installBuilder()
const theirs = wanted.filter((format) => format !== 'dir' && !ours.has(format))
build(['dir', ...theirs])
if (platform === 'linux') {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  const unpacked = join(output, arch === 'x64' ? 'linux-unpacked' : `linux-${arch}-unpacked`)
  for (const format of wanted) ours.get(format)?.({ unpacked, version, arch, output })
}
await writeChecksums()

/** electron-builder and its 280 packages are not installed by default. */
function installBuilder(): void {
  if (existsSync('packaging/node_modules/.package-lock.json')) return
  console.log('Installing electron-builder …')
  const args = [
    'ci',
    '--prefix',
    'packaging',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ]
  execFileSync('npm', args, { stdio: 'inherit', shell: platform === 'win32' })
}

function build(targets: string[]): void {
  const system = { linux: '--linux', darwin: '--mac', win32: '--win' }[platform as 'linux']
  const builder = 'packaging/node_modules/electron-builder/cli.js'
  const config = ['--config', 'packaging/electron-builder.config.ts', '--publish', 'never']
  execFileSync(process.execPath, [builder, system, ...targets, `--${arch}`, ...config], { stdio: 'inherit' })
}

async function writeChecksums(): Promise<void> {
  const lines: string[] = []
  for (const name of readdirSync(output).sort()) {
    const file = join(output, name)
    if (!statSync(file).isFile() || !/\.(deb|rpm|AppImage|dmg|zip|exe)$/.test(name)) continue
    const hash = createHash('sha256')
    await pipeline(createReadStream(file), hash)
    lines.push(`${hash.digest('hex')}  ${name}`)
    console.log(`${(statSync(file).size / 1_000_000).toFixed(1)} MB  ${file}`)
  }
  if (lines.length > 0) writeFileSync(join(output, `SHA256SUMS-${platform}-${arch}`), `${lines.join('\n')}\n`)
}
