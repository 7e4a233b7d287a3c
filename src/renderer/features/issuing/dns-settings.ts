import type { DnsSettings } from '../../../contract/acme/acme.ts'

/** Input of the form for a DNS method, without the secret. */
export interface DnsForm {
  kind: 'acme-dns' | 'rfc2136' | 'hook'
  server: string
  username: string
  subdomain: string
  zone: string
  keyName: string
  algorithm: 'hmac-sha256' | 'hmac-sha384' | 'hmac-sha512'
}

export const emptyDnsForm: DnsForm = {
  kind: 'rfc2136',
  server: '',
  username: '',
  subdomain: '',
  zone: '',
  keyName: '',
  algorithm: 'hmac-sha256',
}

/** Settings for the engine; null while incomplete. Servers may have a port: `192.0.2.53:5353`, `[::1]:53`. */
export function dnsSettingsOf(form: DnsForm): DnsSettings | null {
  const { kind, algorithm } = form
  const [server, username, subdomain, zone, keyName] = [
    form.server,
    form.username,
    form.subdomain,
    form.zone,
    form.keyName,
  ].map((text) => text.trim()) as [string, string, string, string, string]
  if (kind === 'hook' || server === '') return null
  if (kind === 'acme-dns') return username && subdomain ? { kind, server, username, subdomain } : null
  const [, bracketed, bare, port = '53'] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(server) ?? []
  const host = bracketed ?? bare ?? server
  return zone && keyName ? { kind, server: host, port: Number(port), zone, keyName, algorithm } : null
}
