/**
 * RC2 decryption (RFC 2268). OpenSSL 3 has it no more, and PKCS#12 files that older tools wrote
 * keep their certificates in it. Only for reading: nothing is ever encrypted with it.
 */
const piTable = Buffer.from(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2' +
    '179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82' +
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626' +
    '6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7' +
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec' +
    'c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9' +
    '0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
  'hex',
)
const pi = (index: number) => piTable[index & 0xff] as number

/** Section 2: 64 words of 16 bits from a key whose effective length is its own. */
function expandKey(key: Uint8Array): Uint16Array {
  const bytes = Buffer.alloc(128)
  bytes.set(key)
  const length = key.length
  for (let i = length; i < 128; i++) bytes[i] = pi((bytes[i - 1] as number) + (bytes[i - length] as number))
  bytes[128 - length] = pi(bytes[128 - length] as number)
  for (let i = 127 - length; i >= 0; i--)
    bytes[i] = pi((bytes[i + 1] as number) ^ (bytes[i + length] as number))
  const words = Uint16Array.from({ length: 64 }, (_, i) => bytes.readUInt16LE(i * 2))
  bytes.fill(0)
  return words
}

const rotations = [1, 2, 3, 5]

/** Section 4: one block of four words, in place. */
function decryptBlock(words: Uint16Array, key: Uint16Array): void {
  const at = (index: number) => words[index & 3] as number
  let used = 63
  const mix = () => {
    for (let i = 3; i >= 0; i--) {
      const turned = (at(i) >>> (rotations[i] as number)) | (at(i) << (16 - (rotations[i] as number)))
      const chosen = (at(i + 3) & at(i + 2)) + (~at(i + 3) & at(i + 1))
      words[i] = (turned & 0xffff) - (key[used--] as number) - chosen
    }
  }
  const mash = () => {
    for (let i = 3; i >= 0; i--) words[i] = at(i) - (key[at(i + 3) & 63] as number)
  }
  for (let round = 0; round < 16; round++) {
    if (round === 5 || round === 11) mash()
    mix()
  }
}

/**
 * Decrypts RC2 in CBC mode and takes off its padding (RFC 8018, section 6.1.1); undefined where
 * the padding is wrong, which is how a wrong key shows.
 */
export function decryptRc2Cbc(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Buffer | undefined {
  if (data.length === 0 || data.length % 8 !== 0) return undefined
  const input = Buffer.from(data)
  const output = Buffer.alloc(data.length)
  const expanded = expandKey(key)
  const block = new Uint16Array(4)
  for (let at = 0; at < input.length; at += 8) {
    for (let i = 0; i < 4; i++) block[i] = input.readUInt16LE(at + i * 2)
    decryptBlock(block, expanded)
    for (let i = 0; i < 4; i++) output.writeUInt16LE(block[i] as number, at + i * 2)
    const before = at === 0 ? iv : input.subarray(at - 8, at)
    for (let i = 0; i < 8; i++) output[at + i] = (output[at + i] as number) ^ (before[i] as number)
  }
  return withoutPadding(output)
}

function withoutPadding(padded: Buffer): Buffer | undefined {
  const count = padded[padded.length - 1] as number
  const padding = padded.subarray(padded.length - count)
  return count >= 1 && count <= 8 && padding.every((byte) => byte === count)
    ? padded.subarray(0, padded.length - count)
    : undefined
}
