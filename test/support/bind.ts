import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Resolver } from 'node:dns/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installDebianPackage } from './debian-packages.ts'
import { freePort } from './free-port.ts'

/** ISC's BIND (Debian: `bind9`) with one zone that a TSIG key may change. */
export interface Bind {
  port: number
  zone: string
  keyName: string
  /** base64. */
  secret: string
  txt(name: string): Promise<string[]>
  close(): Promise<void>
}

/** Null where there is one, which is installed where that is possible. */
export function whyNoBind(): string | null {
  const isThere = () => existsSync('/usr/sbin/named')
  if (isThere() || (installDebianPackage('bind9') && isThere())) return null
  return 'there is no BIND (Debian: apt install bind9) to ask and to update'
}

export async function startBind(zone = 'shop.test'): Promise<Bind> {
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-bind-'))
  const port = await freePort()
  const key = spawnSync('/usr/sbin/tsig-keygen', ['-a', 'hmac-sha256', 'acme'], { encoding: 'utf8' }).stdout
  const secret = /secret "([^"]+)"/.exec(key)?.[1] ?? ''
  writeFileSync(
    join(folder, 'zone'),
    `$TTL 60\n@ SOA ns.${zone}. root.${zone}. 1 60 60 60 60\n@ NS ns.${zone}.\nns A 127.0.0.1\n`,
  )
  writeFileSync(
    join(folder, 'named.conf'),
    `${key}
options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none; session-keyfile none; recursion no; };
controls { };
zone "${zone}" { type primary; file "zone"; update-policy { grant acme wildcard *.${zone}. TXT; }; };
`,
  )
  const named = spawn('/usr/sbin/named', ['-g', '-c', join(folder, 'named.conf')], { stdio: 'ignore' })
  const resolver = new Resolver({ timeout: 1_000, tries: 2 })
  resolver.setServers([`127.0.0.1:${port}`])
  const txt = async (name: string) => {
    try {
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOTFOUND' || code === 'ENODATA') return []
      throw error
    }
  }
  for (const endAt = Date.now() + 20_000; ;) {
    try {
      await resolver.resolveNs(zone)
      break
    } catch (error) {
      if (Date.now() > endAt) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const close = async () => {
    await ended(named)
    rmSync(folder, { recursive: true, force: true })
  }
  return { port, zone, keyName: 'acme', secret, txt, close }
}

function ended(child: ChildProcess): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  child.once('exit', () => resolve())
  child.kill()
  return promise
}
