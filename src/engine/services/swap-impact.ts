import type { SwapImpact } from '../../contract/domains.ts'

interface Names {
  dnsNames: string[]
  ipNames: string[]
}

/** Names that stop and start being covered when `after` takes the place of `before`. */
export function swapImpact(before: Names, after: Names): SwapImpact {
  const had = [...before.dnsNames, ...before.ipNames]
  const has = [...after.dnsNames, ...after.ipNames]
  return {
    namesLost: had.filter((name) => !has.includes(name)),
    namesGained: has.filter((name) => !had.includes(name)),
  }
}
