import { expect, test } from 'vitest'
import {
  certificateFate,
  fateAfterRelease,
  fateAfterSwap,
} from '../../../src/domain/certificate-retention.ts'

const certificate = (id: string, kept = false) => ({ id, kept })
const holder = (certificateId: string | null, previousCertificateId: string | null = null) => ({
  certificateId,
  previousCertificateId,
})

test('a certificate is erased unless it is kept, or another domain serves it or could go back to it', () => {
  const all = [certificate('alone'), certificate('kept', true), certificate('served'), certificate('before')]
  const { erased, left } = certificateFate(all, [holder('served'), holder('other', 'before'), holder(null)])
  expect(erased.map(({ id }) => id)).toEqual(['alone'])
  expect(left.map(({ id }) => id)).toEqual(['kept', 'served', 'before'])
})

test('a domain releases its certificate and the previous one; another that can roll back to one keeps it', () => {
  const listed = (name: string, current: string | null, previous: string | null = null) => ({
    name,
    https: {
      certificate: current === null ? null : { id: current },
      previousCertificate: previous === null ? null : { id: previous },
    },
  })
  const certificates = ['current', 'previous', 'shared', 'elsewhere'].map((id) => certificate(id))
  const shop = listed('shop.test', 'current', 'previous')
  const fate = (domain: typeof shop, ...others: (typeof shop)[]) => {
    const { erased, left } = fateAfterRelease(domain, { certificates, domains: [domain, ...others] })
    return { erased: erased.map(({ id }) => id), left: left.map(({ id }) => id) }
  }
  expect(fate(shop)).toEqual({ erased: ['current', 'previous'], left: [] })
  expect(fate(shop, listed('blog.test', 'shared', 'previous'))).toEqual({
    erased: ['current'],
    left: ['previous'],
  })
  expect(fate(listed('off.test', null))).toEqual({ erased: [], left: [] })
})

test('a swap lets go of the certificate before the last; of none where it is gone back to, kept or held elsewhere', () => {
  const certificates = ['first', 'second', 'third'].map((id) => certificate(id))
  const named = (name: string, current: string, previous: string | null = null) => ({
    name,
    ...holder(current, previous),
  })
  const erasedBy = (nextId: string | null, holders: ReturnType<typeof named>[], kept?: string) => {
    const all = certificates.map((one) => ({ ...one, kept: one.id === kept }))
    return fateAfterSwap(['shop.test'], nextId, { certificates: all, holders }).erased.map(({ id }) => id)
  }
  const shop = named('shop.test', 'second', 'first')
  expect(erasedBy('third', [shop])).toEqual(['first'])
  expect(erasedBy(null, [shop])).toEqual(['first'])
  expect(erasedBy('first', [shop])).toEqual([])
  expect(erasedBy('second', [shop])).toEqual([])
  expect(erasedBy('third', [named('shop.test', 'second')])).toEqual([])
  expect(erasedBy('third', [shop], 'first')).toEqual([])
  expect(erasedBy('third', [shop, named('blog.test', 'first')])).toEqual([])
})
