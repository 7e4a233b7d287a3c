import { isUnder } from '../../domain/authority-scope.ts'
import { normaliseDomain, wildcardOver } from '../../pki/x509/host-names.ts'
import { unknownNameSuffixes } from '../certificates/authority-scope.ts'
import { authorityThatSigns, issueForTest } from '../local-authority/local-authority.ts'
import { pageLifeMs, removePage, unknownPage } from './ended-pages.ts'
import type { DevelopNeeds } from './needs.ts'

/** Pages kept, the latest ones. Any program of this computer can ask for any number of names. */
const mostPages = 24
/** Each page costs a signature and a change of the snapshot. */
const mostPerMinute = 6
const minuteMs = 60_000

/** Serves a page under a name of no domain that a handshake asked for, or nothing; the handshake is refused then. */
export async function answerUnknownName(parts: DevelopNeeds, name: string): Promise<void> {
  const { unknownNames, temporaryNames, supervisor, log } = parts
  try {
    if (!isDue(parts, name) || !mayAnswer(parts, name)) return
    unknownNames.delete(name)
    unknownNames.set(name, performance.now())
    const certificate = await issueForTest(parts, name, pageLifeMs)
    certificate.forget()
    // A run may have begun and ended meanwhile.
    if (isServed(parts, name)) return certificate.keyPem[Symbol.dispose]()
    temporaryNames.add(name, 9, certificate, unknownPage(parts, name))
    for (const oldest of [...unknownNames.keys()].slice(0, -mostPages)) removePage(parts, oldest)
    await supervisor?.apply()
  } catch (error) {
    log.warn({ err: error, name }, 'Page of an unknown name not served')
  }
}

/** Failures count too. */
function isDue({ unknownNames }: DevelopNeeds, name: string): boolean {
  const since = performance.now() - minuteMs
  const latest = [...unknownNames].filter(([, at]) => at > since)
  return latest.length < mostPerMinute && !latest.some(([each]) => each === name)
}

/** The name comes from a worker, which may be compromised. */
function mayAnswer(parts: DevelopNeeds, name: string): boolean {
  const isBelow = unknownNameSuffixes(parts).some((suffix) => name !== suffix && isUnder(name, suffix))
  const isName = isBelow && !name.startsWith('*') && normaliseDomain(name) === name
  return isName && !isServed(parts, name) && authorityThatSigns(parts) !== undefined
}

function isServed({ vault, temporaryNames }: DevelopNeeds, name: string): boolean {
  const { domains } = vault
  return [domains.get(name), domains.get(wildcardOver(name)), temporaryNames.get(name)].some(Boolean)
}
