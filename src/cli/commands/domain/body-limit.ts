import { keys } from '../../frame/declare.ts'
import { usageError } from '../../frame/command.ts'
import { formatEffect } from '../../output/format.ts'
import { readSize, formatSize } from '../../output/format-policies.ts'

export const bodyLimitCommand = keys('body-limit <size> <domain...>', {
  summary: 'limit the size of request bodies',
  about:
    'Limit request bodies to a size such as 512kB, 10MB or 1GB. Larger ones get 413. "off" removes the limit.',
  examples: ['body-limit 10MB shop.test'],
  run: async ({ client }, size: string, names: string[]) => {
    const maxBytes = size === 'off' ? null : wantedSize(size)
    const { domains, effect } = await client.domains.setPolicies({
      domains: names,
      policies: { body: { maxBytes } },
    })
    const domainList = domains.map(({ displayName }) => displayName).join(', ')
    const limit =
      maxBytes === null ? 'request bodies of any size' : `request bodies up to ${formatSize(maxBytes)}`
    return { data: { domains, effect }, text: `${domainList}: ${limit}. ${formatEffect(effect)}` }
  },
})

function wantedSize(text: string): number {
  const size = readSize(text)
  if (size !== null && size > 0) return size
  throw usageError(`"${text}" is not a size. Examples: 512kB, 10MB, 1GB, off.`)
}
