import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { absent } from '../needs.ts'

/** A network namespace that is reached over one link, like a server over a network. */
export interface NetworkNamespace {
  /** Addresses of the link outside of it and in it. */
  outside: string
  inside: string
  /** Command line that runs a program in it. */
  within(command: readonly string[]): [program: string, ...args: string[]]
  /** Takes its end of the link down or up again, which the other end cannot see. */
  setLink(state: 'up' | 'down'): void
  /** Bytes that went over the link, both ways. */
  bytes(): number
  /** Processes in it. */
  pids(): number[]
  remove(): void
}

const ip = (...args: string[]) => void execFileSync('ip', args, { stdio: 'pipe' })

/** Reason why a program cannot make network namespaces here; null if it can. */
export function noNamespaces(): string | null {
  const missing = absent('ip')
  if (missing !== null) return missing
  try {
    networkNamespace(0).remove()
    return null
  } catch {
    return 'it needs the privilege to make network namespaces (root)'
  }
}

/** Makes one of at most 255, which are told apart by their numbers, in the range for benchmarks (RFC 2544). */
export function networkNamespace(number: number): NetworkNamespace {
  const name = `edgekeep-${process.pid}-${number}`
  const [link, peer] = [`ek${process.pid}a${number}`, `ek${process.pid}b${number}`]
  const [outside, inside] = [`198.18.${number}.1`, `198.18.${number}.2`]
  const remove = () => {
    // A namespace lives on while a process in it ends, and its link with it.
    ip('link', 'delete', link)
    ip('netns', 'delete', name)
  }
  ip('netns', 'add', name)
  try {
    ip('link', 'add', link, 'type', 'veth', 'peer', 'name', peer, 'netns', name)
    ip('address', 'add', `${outside}/30`, 'dev', link)
    ip('-n', name, 'address', 'add', `${inside}/30`, 'dev', peer)
    ip('-n', name, 'link', 'set', 'lo', 'up')
    ip('-n', name, 'link', 'set', peer, 'up')
    ip('link', 'set', link, 'up')
  } catch (error) {
    ip('netns', 'delete', name)
    throw error
  }
  const counted = (which: string) =>
    Number(readFileSync(`/sys/class/net/${link}/statistics/${which}`, 'utf8'))
  return {
    outside,
    inside,
    within: (command) => ['ip', 'netns', 'exec', name, ...command],
    setLink: (state) => ip('-n', name, 'link', 'set', peer, state),
    bytes: () => counted('rx_bytes') + counted('tx_bytes'),
    pids: () =>
      execFileSync('ip', ['netns', 'pids', name], { encoding: 'utf8' })
        .split('\n')
        .filter(Boolean)
        .map(Number),
    remove,
  }
}
