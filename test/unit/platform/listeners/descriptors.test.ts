import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { descriptorLimit } from '../../../../src/platform/listeners/connection-limit.ts'
import { linuxOnly } from '../../../support/needs.ts'

const limits = (
  soft: string,
) => `Limit                     Soft Limit           Hard Limit           Units     
Max processes             96012                96012                processes 
Max open files            ${soft.padEnd(20)} 1048576              files     
Max locked memory         8388608              8388608              bytes     
`

describe('the limit of open descriptors', () => {
  test('is the soft one', () => {
    expect(descriptorLimit(limits('3000'))).toBe(3000)
  })

  test('is infinite where the system has none, or does not have it in this form', () => {
    expect(descriptorLimit(limits('unlimited'))).toBe(Infinity)
    expect(descriptorLimit('')).toBe(Infinity)
  })

  test('is read of the process itself', linuxOnly, () => {
    const source = new URL('../../../../src/platform/listeners/connection-limit.ts', import.meta.url).href
    const script = `import { descriptorLimit } from ${JSON.stringify(source)}; console.log(descriptorLimit())`
    const args = [
      '-c',
      'ulimit -n 321; exec "$0" "$@"',
      process.execPath,
      '--input-type=module',
      '-e',
      script,
    ]
    expect(execFileSync('/bin/sh', args, { encoding: 'utf8' })).toBe('321\n')
  })
})
