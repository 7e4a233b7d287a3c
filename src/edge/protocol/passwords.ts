import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'

/** OWASP's "Password Storage Cheat Sheet" for scrypt: N = 2^15, r = 8, p = 3, which takes 32 MiB. */
const cost = { logN: 15, r: 8, p: 3 }
const saltBytes = 16
const hashBytes = 32

/** Returns `scrypt:15:8:3:SALT:HASH`; stored hashes stay verifiable after the cost is raised. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes)
  const hash = await derive(password, salt, cost)
  return ['scrypt', cost.logN, cost.r, cost.p, salt.toString('base64'), hash.toString('base64')].join(':')
}

/** Verifies a password. An unknown user (null) takes as long as a known one. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [, logN, r, p, salt = '', hash = ''] = (stored ?? dummyHash).split(':')
  const wanted = Buffer.from(hash, 'base64')
  const found = await derive(password, Buffer.from(salt, 'base64'), {
    logN: Number(logN),
    r: Number(r),
    p: Number(p),
  })
  return wanted.length === hashBytes && timingSafeEqual(found, wanted) && stored !== null
}

const dummyHash = ['scrypt', cost.logN, cost.r, cost.p, 'AAAAAAAAAAAAAAAAAAAAAA==', ''].join(':')

function derive(password: string, salt: Buffer, { logN, r, p }: typeof cost): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** logN, r, p, maxmem: 128 * 2 ** logN * r + 2 ** 20 }
  return new Promise((resolve, reject) =>
    scrypt(Buffer.from(password.normalize('NFC')), salt, hashBytes, options, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  )
}
