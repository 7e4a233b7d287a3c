import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { updateTxt, type UpdateServer } from '../../src/engine/acme/client/dns-update.ts'
import { whyNoBind, startBind, type Bind } from '../support/acme/bind.ts'
import { unless } from '../support/needs.ts'

describe('an update of a TXT record at a real BIND', unless(whyNoBind()), () => {
  let bind: Bind
  beforeAll(async () => {
    bind = await startBind()
  })
  afterAll(() => bind?.close())

  const name = '_acme-challenge.shop.test'
  const server = (over: Partial<UpdateServer> = {}): UpdateServer => ({
    server: '127.0.0.1',
    port: bind.port,
    zone: bind.zone,
    keyName: bind.keyName,
    algorithm: 'hmac-sha256',
    ...over,
  })
  const secret = () => Buffer.from(bind.secret, 'base64')

  test('is taken, beside another of the name, and taken back', async () => {
    await updateTxt(server(), secret(), { act: 'add', name, value: 'one' })
    await updateTxt(server(), secret(), { act: 'add', name, value: 'two' })
    expect((await bind.txt(name)).toSorted()).toEqual(['one', 'two'])
    await updateTxt(server(), secret(), { act: 'remove', name, value: 'one' })
    expect(await bind.txt(name)).toEqual(['two'])
    await updateTxt(server(), secret(), { act: 'remove', name, value: 'two' })
    expect(await bind.txt(name)).toEqual([])
  })

  test('is refused under another key, for another zone, and for a name that is not granted', async () => {
    const wanted = { act: 'add', name, value: 'three' } as const
    await expect(updateTxt(server(), Buffer.alloc(32, 7), wanted)).rejects.toThrow('NOTAUTH')
    await expect(updateTxt(server({ keyName: 'nobody' }), secret(), wanted)).rejects.toThrow('NOTAUTH')
    await expect(updateTxt(server({ zone: 'other.test' }), secret(), wanted)).rejects.toThrow(
      /NOTAUTH|NOTZONE|REFUSED/,
    )
    const elsewhere = { ...wanted, name: 'bank.test' }
    await expect(updateTxt(server(), secret(), elsewhere)).rejects.toThrow(/NOTZONE|REFUSED/)
    expect(await bind.txt(name)).toEqual([])
  })
})
