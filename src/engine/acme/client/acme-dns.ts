import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { addressScope } from '../../network-guard/address-scope.ts'
import { allowances } from '../../network-guard/guard.ts'
import { createGuardedClient } from '../../network-guard/http-client.ts'

/** Account at an acme-dns server (github.com/acme-dns/acme-dns); `_acme-challenge` is a CNAME to it. */
export interface AcmeDnsAccount {
  server: string
  username: string
  subdomain: string
}

const timeoutMs = 20_000
const mostBytes = 64 * 1024

/**
 * Each update carries the password: by HTTPS, or to this computer only.
 * @throws EdgekeepError `acme.dns_in_clear`
 */
export function requireSealedWay(server: string): void {
  const { protocol, hostname, host } = new URL(server)
  const address = hostname.replace(/^\[|\]$/g, '')
  if (protocol === 'https:' || address === 'localhost' || addressScope(address) === 'loopback') return
  throw new EdgekeepError('acme.dns_in_clear', { host })
}

/**
 * Sets the TXT value; acme-dns keeps the last two values and cannot delete one.
 * @throws EdgekeepError `acme.dns_in_clear`, also for an account of an earlier version
 */
export async function updateAcmeDns(
  { server, username, subdomain }: AcmeDnsAccount,
  password: string,
  value: string,
): Promise<void> {
  requireSealedWay(server)
  const url = new URL(`${server.replace(/\/$/, '')}/update`)
  // Plain HTTP is limited to this computer, whatever "localhost" resolves to.
  const client = createGuardedClient(url.protocol === 'https:' ? allowances.typed : allowances.ownComputer)
  const answer = await client
    .send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-user': username, 'x-api-key': password },
      body: JSON.stringify({ subdomain, txt: value }),
      signal: AbortSignal.timeout(timeoutMs),
      mostBytes,
    })
    .finally(() => client.close())
  if (answer.status < 200 || answer.status > 299)
    throw new Error(`the server answered with the status ${answer.status}`)
}
