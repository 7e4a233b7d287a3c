import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Resolver } from 'node:dns/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installDebianPackage } from '../processes/debian-packages.ts'
import { freePort } from '../free-port.ts'
import { absent } from '../needs.ts'

/** ISC's BIND (Debian: `bind9`) with zones that a TSIG key may change. */
export interface Bind {
  port: number
  /** First of its zones. */
  zone: string
  keyName: string
  /** base64. */
  secret: string
  txt(name: string): Promise<string[]>
  /** Adds a CNAME record, as the name's owner would. */
  alias(name: string, target: string): void
  close(): Promise<void>
}

export interface BindOptions {
  zones?: string[]
  /** Follows aliases from one of its zones to another, as a resolver does. */
  resolves?: boolean
  /** Lines of a zone besides its SOA; default: this name server alone. */
  records?: Record<string, string[]>
  /** Port of a primary that sends no NOTIFY: it is polled every `refreshSeconds`. */
  secondaryOf?: { port: number; refreshSeconds: number }
}

/** Installs BIND where possible; null if it is present. */
export function whyNoBind(): string | null {
  const missing = () => absent('named', 'tsig-keygen', 'nsupdate')
  if (missing() !== null && installDebianPackage('bind9')) installDebianPackage('bind9-dnsutils')
  return missing()
}

export async function startBind(options: BindOptions = {}): Promise<Bind> {
  const { zones = ['shop.test'], records = {}, resolves = false } = options
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-bind-'))
  const port = await freePort()
  const key = spawnSync('/usr/sbin/tsig-keygen', ['-a', 'hmac-sha256', 'acme'], { encoding: 'utf8' }).stdout
  const ownerKey = spawnSync('/usr/sbin/tsig-keygen', ['-a', 'hmac-sha256', 'owner'], {
    encoding: 'utf8',
  }).stdout
  const secret = /secret "([^"]+)"/.exec(key)?.[1] ?? ''
  for (const [index, zone] of zones.entries())
    writeFileSync(join(folder, `zone-${index}`), zoneFile(zone, records[zone]))
  const sections = zones.map((zone, index) => zoneSection(zone, `zone-${index}`, options))
  writeFileSync(
    join(folder, 'named.conf'),
    `${key}
${ownerKey}
options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none; session-keyfile none; recursion ${resolves ? 'yes' : 'no'}; notify no; allow-transfer { 127.0.0.0/8; }; };
controls { };
${sections.join('\n')}
`,
  )
  const named = spawn('/usr/sbin/named', ['-g', '-c', join(folder, 'named.conf')], { stdio: 'ignore' })
  const resolver = new Resolver({ timeout: 1_000, tries: 2 })
  resolver.setServers([`127.0.0.1:${port}`])
  const alias = (name: string, target: string) => {
    const keyFile = join(folder, 'owner.key')
    writeFileSync(keyFile, ownerKey)
    const input = `server 127.0.0.1 ${port}\nupdate add ${name}. 60 CNAME ${target}.\nsend\n`
    const { status, stderr } = spawnSync('nsupdate', ['-k', keyFile], { input, encoding: 'utf8' })
    if (status !== 0) throw new Error(`nsupdate: ${stderr}`)
  }
  const txt = async (name: string) => {
    try {
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOTFOUND' || code === 'ENODATA') return []
      throw error
    }
  }
  const close = async () => {
    await ended(named)
    rmSync(folder, { recursive: true, force: true })
  }
  for (const endAt = Date.now() + 20_000; ;) {
    try {
      for (const zone of zones) await resolver.resolveNs(zone)
      break
    } catch (error) {
      if (Date.now() > endAt) {
        await close()
        throw error
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  return { port, zone: zones[0] ?? '', keyName: 'acme', secret, txt, alias, close }
}

function zoneFile(zone: string, records = ['@ NS ns', 'ns A 127.0.0.1']): string {
  return `${[`$TTL 60`, `@ SOA ns.${zone}. root.${zone}. 1 60 60 60 60`, ...records].join('\n')}\n`
}

function zoneSection(zone: string, file: string, { secondaryOf }: BindOptions): string {
  if (secondaryOf) {
    const { port, refreshSeconds: seconds } = secondaryOf
    return `zone "${zone}" { type secondary; primaries { 127.0.0.1 port ${port}; }; min-refresh-time ${seconds}; max-refresh-time ${seconds}; };`
  }
  return `zone "${zone}" { type primary; file "${file}"; update-policy { grant acme wildcard *.${zone}. TXT; grant owner zonesub CNAME; }; };`
}

function ended(child: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  child.once('exit', () => resolve())
  child.kill()
  return promise
}
