import { readFileSync } from 'node:fs'
import type { InputFile } from '../../../src/pki/intake/intake.ts'

export const samplePassphrase = 'open sesame'

/** A file of `pki-samples/` (its `make.sh` says what each is). */
export function sample(name: string): InputFile {
  return { name, bytes: readFileSync(new URL(`./samples/${name}`, import.meta.url)) }
}

export function sampleText(name: string): string {
  return Buffer.from(sample(name).bytes).toString('latin1')
}

export function textFile(name: string, text: string | Buffer): InputFile {
  return { name, bytes: Buffer.from(text) }
}
