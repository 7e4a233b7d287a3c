import { describe, expect, test } from 'vitest'
import type { Readiness } from '../../../../../../../src/renderer/ui/staging/readiness.ts'
import {
  decide,
  newAccount,
  initialForm,
  type HttpsForm,
} from '../../../../../../../src/renderer/features/domains/https/settings/decision.ts'
import { certificateFacts, domainFacts, httpsOn } from '../../domain-facts.ts'

const current = certificateFacts('current', { usedBy: ['shop.test'] })
const other = certificateFacts('other')
const stranger = certificateFacts('stranger', { dnsNames: ['blog.test'] })
const vault = [current, other, stranger]
const off = domainFacts()
const on = domainFacts({ https: httpsOn(current) })
const nothing = { stagingId: null, readiness: { ready: false, why: 'empty' } as Readiness }
const ready = { stagingId: 's1', readiness: { ready: true } as Readiness }

function wish(over: Partial<HttpsForm>): HttpsForm {
  return {
    on: true,
    type: 'vault',
    certificateId: null,
    name: '',
    keep: false,
    keepOld: false,
    freeNames: [],
    account: null,
    challenge: 'http-01',
    ...over,
  }
}

describe('the first choice of the HTTPS settings', () => {
  test('is the certificate in use', () => {
    expect(initialForm(on, vault, true)).toMatchObject({ type: 'vault', certificateId: 'current' })
  })
  test('is My certificates if one of them fits, else an upload', () => {
    expect(initialForm(off, vault, true)).toMatchObject({ type: 'vault', certificateId: null })
    expect(initialForm(off, [stranger], true)).toMatchObject({ type: 'upload' })
  })
})

describe('saving the HTTPS settings', () => {
  test('changes nothing while nothing is chosen or changed', () => {
    expect(decide(on, wish({ certificateId: 'current' }), vault, nothing)).toEqual({
      act: 'none',
      why: 'unchanged',
    })
    expect(decide(off, wish({}), vault, nothing)).toEqual({ act: 'none', why: 'choose' })
    expect(decide(off, wish({ on: false }), vault, nothing)).toEqual({ act: 'none', why: 'alreadyOff' })
  })

  test('never enables a certificate that does not cover the domain', () => {
    expect(decide(off, wish({ certificateId: 'stranger' }), vault, nothing)).toEqual({
      act: 'none',
      why: 'choose',
    })
  })

  test('swaps to another certificate of the vault', () => {
    expect(decide(on, wish({ certificateId: 'other' }), vault, nothing)).toEqual({
      act: 'enable',
      source: { type: 'vault', certificateId: 'other' },
    })
  })

  test('resumes a paused domain with the certificate it has', () => {
    const paused = domainFacts({ https: httpsOn(current, { state: 'paused' }) })
    expect(decide(paused, wish({ certificateId: 'current' }), vault, nothing)).toEqual({
      act: 'enable',
      source: { type: 'current' },
    })
  })

  test('waits for an upload that can be served, and says why it waits', () => {
    const empty: HttpsForm = wish({ type: 'upload' })
    expect(decide(off, empty, vault, nothing)).toEqual({
      act: 'none',
      why: 'upload',
      readiness: nothing.readiness,
    })
    expect(decide(off, wish({ type: 'upload', name: ' Shop ', keep: true }), vault, ready)).toEqual({
      act: 'enable',
      source: { type: 'upload', stagingId: 's1', keep: true, name: 'Shop' },
    })
  })

  test('makes a free certificate, or turns HTTPS off', () => {
    expect(decide(off, wish({ type: 'free' }), vault, nothing)).toEqual({
      act: 'enable',
      source: { type: 'free' },
    })
    expect(decide(on, wish({ on: false }), vault, nothing)).toEqual({ act: 'disable', keep: false })
  })

  test('orders a free certificate with an ACME account, once there is one', () => {
    const free = { type: 'free' as const, freeNames: ['www.shop.test'] }
    expect(decide(off, wish({ ...free, account: 'a1', challenge: 'dns BIND' }), vault, nothing)).toEqual({
      act: 'order',
      account: 'a1',
      names: ['www.shop.test'],
      wish: { challenge: 'dns-01', dnsMethod: 'BIND' },
    })
    const adding = decide(off, wish({ ...free, account: newAccount }), vault, nothing)
    expect(adding).toEqual({ act: 'none', why: 'account' })
  })
})
