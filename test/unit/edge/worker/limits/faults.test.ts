import { describe, expect, test } from 'vitest'
import { containFaults } from '../../../../../src/edge/worker/limits/faults.ts'

class Carrier {
  faults: unknown[] = []
  get size(): number {
    throw new Error('size')
  }
  endByFault(error: unknown): void {
    this.faults.push(error)
  }
  add(one: number, other: number): number {
    return one + other
  }
  fails(): boolean {
    throw new Error('fails')
  }
}
containFaults(Carrier.prototype)

describe('containment of faults', () => {
  test('passes arguments and results through', () => {
    expect(new Carrier().add(1, 2)).toBe(3)
  })

  test('ends the object whose method throws, and no other, and answers true', () => {
    const [one, other] = [new Carrier(), new Carrier()]
    expect(one.fails()).toBe(true)
    expect(one.faults).toEqual([new Error('fails')])
    expect(other.faults).toEqual([])
  })

  test('covers every public method of the class without a list of them', () => {
    class Listener {
      ended = 0
      endByFault(): void {
        this.ended += 1
      }
      onData(): void {
        throw new Error('onData')
      }
      onEnd(): void {
        throw new Error('onEnd')
      }
    }
    containFaults(Listener.prototype)
    const listener = new Listener()
    listener.onData()
    listener.onEnd()
    expect(listener.ended).toBe(2)
  })

  test('leaves getters alone', () => {
    expect(() => new Carrier().size).toThrow('size')
  })

  test('refuses a method whose third argument it would drop', () => {
    class Wide {
      endByFault(): void {
        return undefined
      }
      take(_one: number, _two: number, _three: number): void {
        return undefined
      }
    }
    expect(() => containFaults(Wide.prototype)).toThrow('two parameters')
  })
})
