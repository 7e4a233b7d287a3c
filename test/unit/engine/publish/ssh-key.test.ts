import { expect, test } from 'vitest'
import { readSshKey } from '../../../../src/engine/publish/ssh-key.ts'

/** Encrypted key in OpenSSH's format whose passphrase has 101 rounds. */
function keyOfManyRounds(): string {
  const field = (content: Buffer | string) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(content.length)
    return Buffer.concat([length, Buffer.from(content)])
  }
  const number = (value: number) => Buffer.from([0, 0, 0, value])
  const body = [
    Buffer.from('openssh-key-v1\0'),
    field('aes256-ctr'),
    field('bcrypt'),
    field(Buffer.concat([field(Buffer.alloc(16)), number(101)])),
    number(1),
    field(Buffer.concat([field('ssh-ed25519'), field(Buffer.alloc(32))])),
    field(Buffer.alloc(128)),
  ]
  return Buffer.concat(body).toString('base64')
}

test.each([
  ['as it is', ''],
  // The library skips what is no base64.
  ['behind an asterisk', '*'],
  ['behind a null byte', '\0'],
])('a passphrase of many rounds is refused before one of them (%s)', async (_, before) => {
  const text = `-----BEGIN OPENSSH PRIVATE KEY-----\n${before}${keyOfManyRounds()}\n-----END OPENSSH PRIVATE KEY-----\n`
  const read = readSshKey(Buffer.from(text), 'a passphrase', { file: 'id' })
  await expect(read).rejects.toMatchObject({ code: 'key.malformed' })
})
