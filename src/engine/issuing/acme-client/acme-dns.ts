import { EdgekeepError } from '../../../contract/errors.ts'
import { isLoopbackAddress } from './network-guard.ts'

/** An account at an acme-dns server (github.com/acme-dns/acme-dns), to which `_acme-challenge` is a CNAME. */
export interface AcmeDnsAccount {
  server: string
  username: string
  subdomain: string
}

const timeoutMs = 20_000

/**
 * The password goes along with each update: by HTTPS, or to a server on this computer.
 * @throws EdgekeepError `acme.dns_in_clear`
 */
export function requireSealedWay(server: string): void {
  const { protocol, hostname, host } = new URL(server)
  const address = hostname.replace(/^\[|\]$/g, '')
  if (protocol === 'https:' || address === 'localhost' || isLoopbackAddress(address)) return
  throw new EdgekeepError('acme.dns_in_clear', { host })
}

/**
 * Sets the TXT value; acme-dns keeps the last two and has no way to take one away.
 * @throws EdgekeepError `acme.dns_in_clear`, also for an account of an earlier version
 */
export async function updateAcmeDns(
  { server, username, subdomain }: AcmeDnsAccount,
  password: string,
  value: string,
): Promise<void> {
  requireSealedWay(server)
  const answer = await fetch(`${server.replace(/\/$/, '')}/update`, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
    headers: { 'content-type': 'application/json', 'x-api-user': username, 'x-api-key': password },
    body: JSON.stringify({ subdomain, txt: value }),
  })
  await answer.body?.cancel()
  if (!answer.ok) throw new Error(`the server answered with the status ${answer.status}`)
}
