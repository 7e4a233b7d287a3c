import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { absent } from '../needs.ts'

/** Command line that the words of another one follow, to run it there. */
type Entrance = string[]

/** Two network namespaces with a cable between them: a computer, and a phone, which is its router too. */
export interface DeviceNetwork {
  computer: Entrance
  phone: Entrance
  computerAddress: string
  phoneAddress: string
  /** Runs a program there and returns its output. */
  run(where: Entrance, ...words: string[]): string
  /** Gives the computer an address in the network. */
  connect(address: string): void
  close(): Promise<void>
}

const addresses = { computer: '10.83.0.5', phone: '10.83.0.9' }

const script = `
set -eu
unshare -n sleep infinity & phone=$!
trap 'kill $phone' EXIT
ip link set lo up
while [ "$(readlink /proc/self/ns/net)" = "$(readlink /proc/$phone/ns/net)" ]; do sleep 0.05; done
ip link add lan type veth peer name wlan netns $phone
ip address add ${addresses.computer}/24 dev lan
ip link set lan up
nsenter -t $phone -n sh -c 'ip link set lo up; ip address add ${addresses.phone}/24 dev wlan; ip link set wlan up; ip route add default dev wlan'
ip route add default via ${addresses.phone}
echo "$$ $phone"
read -r end || :
`

const own = process.getuid?.() === 0 ? ['-n'] : ['-r', '-n']

/** Reason why a test cannot have networks of its own; null if it can. */
export function whyNoDeviceNetwork(): string | null {
  if (process.platform !== 'linux') return 'only Linux has network namespaces'
  const missing = absent('unshare', 'nsenter', 'ip', 'curl')
  if (missing) return missing
  try {
    execFileSync('unshare', [...own, 'ip', 'link', 'add', 'lan', 'type', 'veth', 'peer', 'name', 'wlan'], {
      stdio: 'pipe',
    })
    return null
  } catch (error) {
    return `network namespaces cannot be made here: ${String((error as { stderr?: Buffer }).stderr ?? error).trim()}`
  }
}

export async function openDeviceNetwork(): Promise<DeviceNetwork> {
  const holder = spawn('unshare', [...own, 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = (await Promise.race([
    once(createInterface({ input: holder.stdout }), 'line'),
    once(holder, 'exit').then(() => Promise.reject(new Error('The networks could not be made.'))),
  ])) as [string]
  const [computer = [], phone = []] = line
    .split(' ')
    .map((pid) => ['nsenter', '-t', pid, ...inUserNamespace, '-n', '--'])
  const run = ([program = '', ...entrance]: Entrance, ...words: string[]) =>
    execFileSync(program, [...entrance, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  return {
    computer,
    phone,
    computerAddress: addresses.computer,
    phoneAddress: addresses.phone,
    run,
    connect(address) {
      run(computer, 'ip', 'address', 'add', `${address}/24`, 'dev', 'lan')
      run(computer, 'ip', 'route', 'replace', 'default', 'via', addresses.phone)
    },
    async close() {
      holder.stdin.end()
      await once(holder, 'exit')
    },
  }
}

const inUserNamespace = own.length > 1 ? ['-U', '--preserve-credentials'] : []

/** Script that starts `program` there, for callers that take a path alone; deleted as this process exits. */
export function programIn(entrance: Entrance, program: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-entrance-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'program')
  writeFileSync(path, `#!/bin/sh\nexec ${entrance.join(' ')} ${program} "$@"\n`, { mode: 0o755 })
  return path
}
