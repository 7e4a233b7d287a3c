import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import { isIPv6 } from 'node:net'

/**
 * Replaces answers of the system's resolver: each look-up of a name gets the next list of addresses, and the
 * last one from then on. Other names resolve as usual. Returns an undo function.
 */
export function resolveAs(answers: Record<string, string[][]>): () => void {
  const real = dns.lookup
  const left = new Map(Object.entries(answers))
  const fake = (name: string, options: dns.LookupOptions, callback: (...given: unknown[]) => void) => {
    const lists = left.get(name)
    if (!lists) return real(name, options, callback as never)
    const [first = [], ...rest] = lists
    if (rest.length > 0) left.set(name, rest)
    const found = first.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }))
    const { address, family } = found[0]!
    process.nextTick(() => (options.all ? callback(null, found) : callback(null, address, family)))
  }
  Object.assign(dns, { lookup: fake })
  syncBuiltinESMExports()
  return () => {
    Object.assign(dns, { lookup: real })
    syncBuiltinESMExports()
  }
}
