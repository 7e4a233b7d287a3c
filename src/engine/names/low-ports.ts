import { existsSync, readFileSync } from 'node:fs'
import type { Obstacle } from '../../contract/trust/trust.ts'

/*
 * Linux reserves ports below a limit for the administrator (ip-sysctl, ip_unprivileged_port_start). Lowering
 * it is the smallest way to 443 that suits Edgekeep: a runtime with a capability would lose the wiping of
 * freed memory that protects keys (glibc ignores its tunables there), a redirect needs a firewall and leads
 * 443 to any program on the port behind it while the edge is down, and a systemd socket is another service to
 * maintain.
 */

const place = '/proc/sys/net/ipv4/ip_unprivileged_port_start'
const sysctlFile = '/etc/sysctl.d/50-edgekeep.conf'
const firstLineMark = '# Edgekeep: "edgekeep ports undo" takes this file away. Before it, the number was '
const sysctlName = 'net.ipv4.ip_unprivileged_port_start'

export interface LowPorts {
  /** First port that any user may listen on; null on other systems. */
  from: number | null
  /** Limit before Edgekeep's change; null without one. */
  before: number | null
  /** File that sets it at the start of the system. */
  filePath: string
  obstacle: Obstacle | null
}

export function lookAtLowPorts(places = { now: place, file: sysctlFile }): LowPorts {
  const from = existsSync(places.now) ? Number(readFileSync(places.now, 'utf8')) : null
  const content = existsSync(places.file) ? readFileSync(places.file, 'utf8') : null
  const before = content === null ? null : beforeIn(content)
  const isForeign = content !== null && before === null
  return {
    from,
    before,
    filePath: places.file,
    obstacle: isForeign
      ? {
          sentence: `${places.file} is there and is not as Edgekeep writes it. Move it away first.`,
          command: null,
        }
      : null,
  }
}

function beforeIn(content: string): number | null {
  const [mark, setting, ...rest] = content.split('\n')
  const before = mark?.startsWith(firstLineMark) ? mark.slice(firstLineMark.length) : ''
  const isOurs = /^\d{1,5}\.$/.test(before) && setting?.startsWith(`${sysctlName}=`) && rest.join('') === ''
  return isOurs ? Number(before.slice(0, -1)) : null
}

/** Lets every user listen from `port` on, now and after each start of the system. */
export function lowerScript(port: number, { from, before }: LowPorts): string {
  return [
    'mkdir -p /etc/sysctl.d',
    `next=$(mktemp ${sysctlFile}.XXXXXX)`,
    `trap 'rm -f "$next"' EXIT`,
    `printf '%s\\n' '${firstLineMark}${before ?? from ?? 1024}.' '${sysctlName}=${port}' > "$next"`,
    'chmod 644 "$next"',
    `mv -f "$next" ${sysctlFile}`,
    `echo ${port} > ${place}`,
  ].join('\n')
}

export function raiseScript({ before }: LowPorts): string {
  return [`rm -f ${sysctlFile}`, `echo ${before ?? 1024} > ${place}`].join('\n')
}
