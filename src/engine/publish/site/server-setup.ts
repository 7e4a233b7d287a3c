import { posix } from 'node:path'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { TargetKind, TargetSettings } from '../../../contract/targets/targets.ts'
import { hostInUrl } from '../../../domain/ip-address.ts'

/** Settings of a target with all defaults, and its folders at the server. */
export interface ServerSetup extends Omit<TargetSettings, 'config'> {
  config: string
  /** Only folder that Edgekeep writes to. */
  folder: string
  releases: string
  keys: string
  /** Link to the release that the server reads. */
  current: string
}

/** Main configurations of the packages; null where each person has their own. */
const usualConfigurations: Record<TargetKind, string | null> = {
  nginx: '/etc/nginx/nginx.conf',
  haproxy: '/etc/haproxy/haproxy.cfg',
  caddy: '/etc/caddy/Caddyfile',
  apache: '/etc/apache2/apache2.conf',
  traefik: '/etc/traefik/traefik.yml',
  kubernetes: null,
}

/** Paths stand in configuration and in lists without quotes, so they have no spaces either. */
const plainPath = /^(?:\/[A-Za-z0-9_~@+,=-][A-Za-z0-9._~@+,=-]*)+$/

/** @throws `target.unusable` */
export function setupOf(target: TargetSettings): ServerSetup {
  const config = target.config ?? usualConfigurations[target.kind]
  if (config === null)
    throw new EdgekeepError('target.unusable', {
      reason: 'it needs the path of your kustomization: --config deploy/kustomization.yaml',
    })
  if (!plainPath.test(config))
    throw new EdgekeepError('target.unusable', {
      reason:
        'the path of its configuration begins at the root and has only letters, digits and . _ ~ @ + , = - in it',
    })
  if (target.control !== undefined && !/^[A-Za-z0-9._~:/[\]-]+$/.test(target.control))
    throw new EdgekeepError('target.unusable', { reason: 'its control address has characters that none has' })
  const folder = posix.join(posix.dirname(config), 'edgekeep')
  const under = (name: string) => posix.join(folder, name)
  return {
    ...target,
    config,
    folder,
    releases: under('releases'),
    keys: under('keys'),
    current: under('current'),
  }
}

/** `443` and `[::]:443`, or the one address on which the server listens. */
export function listenAddresses({ bind }: ServerSetup, port: number): string[] {
  return bind === undefined ? [`${port}`, `[::]:${port}`] : [`${hostInUrl(bind)}:${port}`]
}

/** `:8443`; empty for the usual port. */
export function portSuffix(port: number, usual: 443 | 80): string {
  return port === usual ? '' : `:${port}`
}
