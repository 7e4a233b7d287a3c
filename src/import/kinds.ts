import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ImportProgram } from '../contract/imports/imports.ts'
import { readApache } from './apache/apache.ts'
import { readAcmeSh, readCertbot, readDevcert, readLego, readMkcert } from './folders/certificate-folders.ts'
import { readHaproxy } from './haproxy/haproxy.ts'
import { readNginx } from './nginx/nginx.ts'
import { readPortless } from './development/portless.ts'
import { readValet } from './development/valet.ts'
import { readProxyManager } from './nginx-proxy-manager/proxy-manager.ts'
import { readTraefik } from './traefik/traefik.ts'
import { readCaddy } from './caddy/caddy.ts'
import { readXca } from './xca/xca.ts'
import type { Reader } from './setup/found.ts'

export interface ImportKind {
  /** Places where it keeps its setup, the first that exists counts. */
  places: () => string[]
  read: Reader
}

const inHome = (...parts: string[]) => join(homedir(), ...parts)
const applicationData = (name: string) => [
  inHome('.local', 'share', name),
  inHome('Library', 'Application Support', name),
  ...(process.env['LOCALAPPDATA'] ? [join(process.env['LOCALAPPDATA'], name)] : []),
]

/** Programs that a setup can be read from, by the name after `--from`. */
export const importKinds = {
  nginx: {
    places: () => [
      '/etc/nginx/nginx.conf',
      '/opt/homebrew/etc/nginx/nginx.conf',
      '/usr/local/etc/nginx/nginx.conf',
    ],
    read: readNginx,
  },
  caddy: {
    places: () => ['/etc/caddy/Caddyfile', '/opt/homebrew/etc/Caddyfile', '/usr/local/etc/Caddyfile'],
    read: readCaddy,
  },
  haproxy: {
    places: () => [
      '/etc/haproxy/haproxy.cfg',
      '/opt/homebrew/etc/haproxy.cfg',
      '/usr/local/etc/haproxy/haproxy.cfg',
    ],
    read: readHaproxy,
  },
  apache: {
    places: () => [
      '/etc/apache2/apache2.conf',
      '/etc/httpd/conf/httpd.conf',
      '/opt/homebrew/etc/httpd/httpd.conf',
      '/usr/local/etc/httpd/httpd.conf',
      '/etc/apache2/httpd.conf',
    ],
    read: readApache,
  },
  traefik: {
    places: () => [
      '/etc/traefik/traefik.yml',
      '/etc/traefik/traefik.yaml',
      '/etc/traefik/traefik.toml',
      '/etc/traefik/acme.json',
      '/letsencrypt/acme.json',
    ],
    read: readTraefik,
  },
  npm: {
    places: () =>
      ['/opt/nginx-proxy-manager', '/opt/npm', inHome('nginx-proxy-manager'), inHome('npm')].map((folder) =>
        join(folder, 'data', 'database.sqlite'),
      ),
    read: readProxyManager,
  },
  valet: {
    places: () => [inHome('.config', 'valet'), inHome('.valet')],
    read: readValet,
  },
  portless: { places: () => [inHome('.portless')], read: readPortless },
  xca: { places: () => [], read: readXca },
  certbot: { places: () => ['/etc/letsencrypt'], read: readCertbot },
  'acme.sh': { places: () => [inHome('.acme.sh')], read: readAcmeSh },
  lego: { places: () => [inHome('.lego')], read: readLego },
  mkcert: {
    places: () => [...(process.env['CAROOT'] ? [process.env['CAROOT']] : []), ...applicationData('mkcert')],
    read: readMkcert,
  },
  devcert: {
    places: () => [inHome('.config', 'devcert'), ...applicationData('devcert')],
    read: readDevcert,
  },
} satisfies { [Program in ImportProgram]: ImportKind }
