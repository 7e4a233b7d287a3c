import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asEdgekeepError } from '../../../../../client/client.ts'
import type { AcmeOrderState, ObtainEvent } from '../../../../../contract/acme/acme.ts'
import type { Domain } from '../../../../../contract/domains/domains.ts'
import { notifyDone, useCall, type Call } from '../../../../ui/feedback/feedback.tsx'
import type { StagingSession } from '../../../../ui/staging/staging-session.ts'
import { useKeepCertificates } from '../certificate-retention.tsx'
import type { Decision } from './decision.ts'

interface SwapOptions {
  keepOld: boolean
  acceptWorse: boolean
}

/** Carries out a decision and notifies; on failure the dialog stays open with the error. */
export function useSave(o: { domain: Domain; session: StagingSession; onDone: () => void }): {
  save: (decision: Decision, options: SwapOptions) => Promise<void>
  pause: () => Promise<void>
  call: Call
  /** State of a running order; null without one. */
  orderState: AcmeOrderState | null
} {
  const { t } = useTranslation('domains')
  const call = useCall()
  const { name: domain, displayName } = o.domain
  const keepCertificates = useKeepCertificates(o.domain)
  const [orderState, setOrderState] = useState<AcmeOrderState | null>(null)
  // Closing the dialog cancels its order.
  const [cancel] = useState(() => new AbortController())
  useEffect(() => () => cancel.abort(), [cancel])

  async function enable(source: Extract<Decision, { act: 'enable' }>['source'], options: SwapOptions) {
    const done = await call.run((client) =>
      client.https.enable({ domain, source, ...options }).catch(discardExpired),
    )
    if (!done) return
    if (source.type === 'upload') o.session.release()
    const { version, inEffect } = done.effect
    const there = inEffect !== null && inEffect >= version
    const outcome = t(there ? 'settings.doneOn' : 'settings.doneOnWaiting', { domain: displayName })
    const gone = done.erased.length > 0 ? t('settings.doneSwapErased', { names: done.erased.join(', ') }) : ''
    notifyDone([outcome, gone].filter(Boolean).join(' '))
    o.onDone()
  }

  async function order({ account, names, wish }: Extract<Decision, { act: 'order' }>, options: SwapOptions) {
    const done = await call.run(async (client) => {
      const events = await client.acme.obtain(
        { domain, names, account, wish, ...options },
        { signal: cancel.signal },
      )
      let last: Extract<ObtainEvent, { type: 'done' }> | undefined
      for await (const event of events) {
        if (event.type === 'done') last = event
        else setOrderState(event)
      }
      return last
    })
    setOrderState(null)
    if (!done) return
    notifyDone(t('settings.doneOrder', { domain: displayName }))
    o.onDone()
  }

  /** Discards an expired staging: its files must be uploaded again. */
  function discardExpired(error: unknown): never {
    if (asEdgekeepError(error).code === 'staging.expired') void o.session.discard()
    throw error
  }

  async function disable(keep: boolean) {
    const done = await call.run(async (client) => {
      if (keep) await keepCertificates()
      return client.https.disable({ domain })
    })
    if (!done) return
    const parameters = { domain: displayName, names: done.erased.join(', ') }
    notifyDone(t(done.erased.length > 0 ? 'settings.doneErased' : 'settings.doneOff', parameters))
    o.onDone()
  }

  async function pause() {
    const done = await call.run((client) => client.https.pause({ domain }))
    if (!done) return
    notifyDone(t('danger.paused', { domain: displayName }))
    o.onDone()
  }

  return {
    call,
    orderState,
    pause,
    save: async (decision, options) => {
      if (decision.act === 'enable') await enable(decision.source, options)
      if (decision.act === 'order') await order(decision, options)
      if (decision.act === 'disable') await disable(decision.keep)
    },
  }
}
