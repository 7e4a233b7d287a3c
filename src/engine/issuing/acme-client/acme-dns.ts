/** An account at an acme-dns server (github.com/acme-dns/acme-dns), to which `_acme-challenge` is a CNAME. */
export interface AcmeDnsAccount {
  server: string
  username: string
  subdomain: string
}

const timeoutMs = 20_000

/** Sets the TXT value; acme-dns keeps the last two and has no way to take one away. */
export async function updateAcmeDns(
  { server, username, subdomain }: AcmeDnsAccount,
  password: string,
  value: string,
): Promise<void> {
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
