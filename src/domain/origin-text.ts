import type { Origin } from '../contract/domains/origins.ts'
import { hostInUrl } from './ip-address.ts'

/** Text of an origin that `parseOrigin` reads back; one that follows the protocol has no scheme. */
export function formatOrigin(origin: Origin): string {
  if (origin.protocol === 'folder') return folderAddress(origin.folder)
  const { protocol, host, httpPort, httpsPort } = origin
  const shownHost = hostInUrl(host)
  if (protocol === 'https') return `https://${shownHost}${httpsPort === 443 ? '' : `:${httpsPort}`}`
  if (protocol !== 'follow') return `${protocol}://${shownHost}${httpPort === 80 ? '' : `:${httpPort}`}`
  return httpPort === 80 && httpsPort === 443 ? shownHost : `${shownHost} (${httpPort} and ${httpsPort})`
}

function folderAddress(folder: string): string {
  const path = folder.replaceAll('\\', '/')
  return `file://${path.startsWith('/') ? '' : '/'}${encodeURI(path).replace(/[?#]/g, encodeURIComponent)}`
}
