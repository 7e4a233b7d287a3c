import { isDeepStrictEqual } from 'node:util'
import type { GivenAccessPolicy, StoredAccessPolicy } from '../../contract/domains/access-policy.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { defaultPolicies, type Policies, type StoredPolicies } from '../../contract/domains/policies.ts'
import { hashPassword } from '../../edge/protocol/passwords.ts'
import type { DomainRow } from '../vault/vault.ts'

/** Policies for responses: without password hashes. */
export function shownPolicies(policies: StoredPolicies): Policies {
  const users = policies.access.users?.map(({ name }) => ({ name })) ?? null
  return { ...policies, access: { ...policies.access, users } }
}

/** Sections for responses that differ from their defaults. */
export function setPoliciesOf(policies: StoredPolicies): Partial<Policies> {
  // The vault gives the very defaults where none is set.
  if (policies === defaultPolicies) return {}
  const sections = Object.entries(shownPolicies(policies)) as [keyof Policies, unknown][]
  return Object.fromEntries(
    sections.filter(([section, values]) => !isDeepStrictEqual(values, defaultPolicies[section])),
  )
}

/** Hashes by user; computed once for all domains of a change, because a hash is slow on purpose. */
export async function hashGivenPasswords(
  access: GivenAccessPolicy | undefined,
): Promise<Map<string, string>> {
  const hashes = new Map<string, string>()
  for (const { name, password } of access?.users ?? [])
    if (password !== undefined) hashes.set(name, await hashPassword(password))
  return hashes
}

/**
 * Access policy with the given passwords, or else those that the domain has.
 * @throws `policy.invalid` for a user without one
 */
export function storedAccess(
  access: GivenAccessPolicy,
  row: Pick<DomainRow, 'name' | 'policies'>,
  hashes: Map<string, string>,
): StoredAccessPolicy {
  const { users, missing } = usersWithPasswords(access, row.policies, hashes)
  const [first] = missing
  if (first === undefined) return { ...access, users }
  const reason = `"${first}" has no password at ${row.name} yet; give one`
  throw new EdgekeepError('policy.invalid', { section: 'access', reason })
}

/** Splits the users of `access` into those with a password in the domain, and the names of the others. */
export function usersWithPasswords(
  access: GivenAccessPolicy,
  current: StoredPolicies,
  hashes = new Map<string, string>(),
): { users: StoredAccessPolicy['users']; missing: string[] } {
  if (access.users === null) return { users: null, missing: [] }
  const known = new Map(current.access.users?.map(({ name, passwordHash }) => [name, passwordHash]))
  const found = access.users.map(({ name }) => ({ name, passwordHash: hashes.get(name) ?? known.get(name) }))
  return {
    users: found.flatMap(({ name, passwordHash }) => (passwordHash ? [{ name, passwordHash }] : [])),
    missing: found.filter(({ passwordHash }) => !passwordHash).map(({ name }) => name),
  }
}
