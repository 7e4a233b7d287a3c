import type { ServerOrigin } from '../../contract/domains/origins.ts'
import { commit } from '../core/commit.ts'
import type { Core } from '../core/core.ts'
import { type ContainerOrigin, containerOrigins } from '../core/settings.ts'

type Parts = Pick<Core, 'vault'>

/** Origins that still follow: a person has neither removed the domain nor given it another origin. */
export function followedOrigins(parts: Parts): ContainerOrigin[] {
  return containerOrigins.read(parts.vault).filter((each) => currentOrigin(parts, each) !== null)
}

function currentOrigin({ vault }: Parts, { domain, address, port }: ContainerOrigin): ServerOrigin | null {
  const origin = vault.domains.get(domain)?.origin
  return origin?.protocol === 'http' && origin.host === address && origin.httpPort === port ? origin : null
}

/** Points the domain to the address that the container got by its last start. */
export async function moveOrigin(core: Core, moved: ContainerOrigin, address: string): Promise<void> {
  const before = currentOrigin(core, moved)
  if (before === null) return
  const { domain } = moved
  const after = { ...before, host: address }
  await commit(core, () => {
    core.vault.domains.update(domain, { origin: after })
    const all = followedOrigins(core).filter((each) => each.domain !== domain)
    containerOrigins.store(core.vault, [...all, { ...moved, address }])
    return { record: { action: 'domain.origin', subject: domain, before, after } }
  })
}
