import { describe, expect, test } from 'vitest'
import type { ServerOrigin } from '../../../../../src/contract/domains/origins.ts'
import { defaultLimits } from '../../../../../src/edge/worker/limits/limits.ts'
import { originSlot, slotTarget } from '../../../../../src/edge/worker/origins/upstream-target.ts'
import type { EdgeRequest } from '../../../../../src/edge/worker/http/request.ts'

const origin: ServerOrigin = {
  protocol: 'follow',
  host: '127.0.0.1',
  httpPort: 80,
  httpsPort: 443,
  hostHeader: null,
  sni: null,
  verify: true,
  anchorsPem: null,
  http2: true,
}
const asked = (host: string, secure: boolean, upgrade: 'websocket' | null = null, bindsConnection = false) =>
  ({ host, secure, upgrade, bindsConnection }) as EdgeRequest

describe('the target of a request', () => {
  const requests = [
    asked('a.shop.test', true),
    asked('b.shop.test', true),
    asked('b.shop.test', false),
    asked('b.shop.test', true, 'websocket'),
    asked('b.shop.test', true, null, true),
    asked('a.shop.test:8443', true),
  ]

  test('is its own, whatever the one before it to the same origin was', () => {
    const slot = originSlot(origin, defaultLimits, null)
    for (const one of requests) {
      for (const other of requests) {
        slotTarget(slot, one)
        expect(slotTarget(slot, other)).toEqual(slotTarget(originSlot(origin, defaultLimits, null), other))
      }
    }
  })

  test('is not made anew for a request that is alike', () => {
    const slot = originSlot(origin, defaultLimits, null)
    expect(slotTarget(slot, asked('a.shop.test', true))).toBe(slotTarget(slot, asked('a.shop.test', true)))
  })
})
