import type { ObtainEvent, ObtainInput } from '../../contract/acme/acme.ts'
import { readableName } from '../../contract/text/readable-name.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import type { HttpsNeeds } from './needs.ts'
import type { DomainRow } from '../vault/vault.ts'
import { domainRow } from '../domains/domains.ts'
import { currentRow, serveChosen } from './https.ts'
import { problemsOfPromised, requireNoProblem } from '../certificates/replacement.ts'
import { newRenewalState } from '../renewal-schedule/renewal-state.ts'
import { withOrdered } from '../acme/client/order-certificate.ts'

/**
 * Orders a certificate for a domain and serves it, yielding the progress. It renews automatically from then
 * on. An abort cancels the order and stores nothing.
 */
export async function* obtainCertificate(
  parts: HttpsNeeds,
  { domain: input, names: more, account: reference, wish, keepOld, acceptWorse }: ObtainInput,
  signal?: AbortSignal,
): AsyncGenerator<ObtainEvent> {
  const { vault } = parts
  vault.requireUnlocked()
  const domain = domainRow(parts, input)
  const account = vault.acmeAccounts.find(reference)
  const names = [...new Set([domain.name, ...more.map(normaliseDomain)])]
  const requireFit = (replaced: DomainRow) => {
    if (acceptWorse) return
    const promised = { names: { dns: names, ip: [] } }
    requireNoProblem(domain.name, problemsOfPromised(parts, currentRow(parts, replaced), promised))
  }
  // Before the order, which the authority would count; its issuer is the person's own choice.
  requireFit(domain)
  const events = createQueue<ObtainEvent>()
  const cancel = new AbortController()
  const signals = signal ? AbortSignal.any([signal, cancel.signal]) : cancel.signal
  const done = withOrdered(
    parts,
    {
      account,
      names,
      wish,
      replaces: null,
      signal: signals,
      onState: (state) => events.put({ type: 'state', ...state }),
    },
    (material) => {
      const present = domainRow(parts, domain.name)
      // Another certificate may have been put in use during the order.
      if (present.certificateId !== domain.certificateId) requireFit(present)
      const name = readableName(domain.name)
      const chosen = { material, kind: 'free', kept: false, name } as const
      const renewal = {
        accountId: account.id,
        method: { by: 'acme', ...wish },
        state: newRenewalState(),
      } as const
      return serveChosen(parts, present, chosen, { keepOld, acceptWorse: true, renewal })
    },
  )
  done.then(
    ({ domain: served, effect, impact, erased }) => {
      events.put({ type: 'done', domain: served, effect, impact, erased })
      events.end()
    },
    (error: unknown) => events.fail(error),
  )
  try {
    yield* events.all()
  } finally {
    cancel.abort()
    await done.catch(() => undefined)
  }
}

interface Queue<E> {
  put(item: E): void
  end(): void
  fail(error: unknown): void
  /** Yields the items until the end; for one reader. */
  all(): AsyncGenerator<E>
}

/** Unbounded queue from callbacks to one async generator. */
function createQueue<E>(): Queue<E> {
  const items: E[] = []
  let ended: { error: unknown } | 'well' | null = null
  let wake = Promise.withResolvers<void>()
  const finish = (how: { error: unknown } | 'well') => {
    ended ??= how
    wake.resolve()
  }
  return {
    put(item) {
      items.push(item)
      wake.resolve()
    },
    end: () => finish('well'),
    fail: (error) => finish({ error }),
    async *all() {
      for (;;) {
        for (let item = items.shift(); item !== undefined; item = items.shift()) yield item
        if (ended === 'well') return
        if (ended) throw (ended as { error: unknown }).error
        await wake.promise
        wake = Promise.withResolvers<void>()
      }
    },
  }
}
