import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'

const longestMs = 5_000

/** Addresses from the system's resolver (getaddrinfo); empty for an unknown name. */
export async function resolveInSystem(host: string): Promise<{ addresses: string[]; isLate: boolean }> {
  const timeout = new AbortController()
  const late = delay(longestMs, null, { signal: timeout.signal }).catch(() => null)
  const answered = lookup(host, { all: true }).then(
    (found) => [...new Set(found.map(({ address }) => address))],
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN' || error.code === 'ENODATA') return []
      throw error
    },
  )
  // A late failure is ignored.
  answered.catch(() => undefined)
  const addresses = await Promise.race([answered, late])
  timeout.abort()
  return { addresses: addresses ?? [], isLate: addresses === null }
}

export function isLoopback(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'))
}

/** VPN interfaces, by the names that systems and VPN programs use. */
export function vpnInterfaces(interfaces = networkInterfaces()): string[] {
  return Object.keys(interfaces).filter((name) =>
    /^(tun|tap|wg|ppp|ipsec|tailscale|nordlynx|proton)\d*/.test(name),
  )
}
