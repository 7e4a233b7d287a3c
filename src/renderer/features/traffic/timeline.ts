import type { ExchangeDetail } from '../../../contract/traffic/traffic.ts'

export type Phase = 'queue' | 'connect' | 'tls' | 'firstByte' | 'receive'

/** A phase of an exchange; `from` and `length` are fractions of the whole. */
export interface Stretch {
  phase: Phase
  ms: number
  from: number
  length: number
}

export function stretchesOf({ timings }: Pick<ExchangeDetail, 'timings'>): Stretch[] {
  const lengths: [Phase, number | null][] = [
    ['queue', timings.queueMs],
    ['connect', timings.connectMs],
    ['tls', timings.tlsMs],
    ['firstByte', timings.firstByteMs],
    ['receive', timings.receiveMs],
  ]
  const there = lengths.filter((each): each is [Phase, number] => each[1] !== null)
  const sum = there.reduce((total, [, ms]) => total + ms, 0)
  const whole = Math.max(sum, timings.totalMs, Number.MIN_VALUE)
  let from = 0
  return there.map(([phase, ms]) => {
    const stretch = { phase, ms, from: from / whole, length: ms / whole }
    from += ms
    return stretch
  })
}
