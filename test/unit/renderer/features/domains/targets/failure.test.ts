import { describe, expect, test } from 'vitest'
import { failureOf } from '../../../../../../src/renderer/features/domains/targets/failure.ts'

const failed = (sentence: string) =>
  failureOf({
    steps: [
      { step: 'check', ok: true, sentence: 'Tested.' },
      { step: 'reload', ok: false, sentence },
    ],
  })

describe('the reason of a publication that failed', () => {
  test.each([
    [
      'nginx',
      '2026/11/29 13:10:15 [notice] 7#7: signal process started\n2026/11/29 13:10:15 [error] 7#7: invalid PID number "" in "/run/nginx.pid"',
      'invalid PID number "" in "/run/nginx.pid"',
    ],
    [
      'nginx -t',
      'nginx: [emerg] unknown directive "servr" in /etc/nginx/nginx.conf:3\nnginx: configuration file /etc/nginx/nginx.conf test failed',
      'unknown directive "servr" in /etc/nginx/nginx.conf:3',
    ],
    [
      'HAProxy',
      "[NOTICE]   (12) : haproxy version is 3.0.1\n[ALERT]    (12) : config : parsing [/etc/haproxy/a.cfg:2] : unknown keyword 'x'",
      "config : parsing [/etc/haproxy/a.cfg:2] : unknown keyword 'x'",
    ],
    [
      'Apache',
      'AH00558: apache2: Could not reliably determine the server\nAH00526: Syntax error on line 3',
      'AH00526: Syntax error on line 3',
    ],
    ['Caddy', '{"level":"info","msg":"using config"}\nError: adapting config', 'Error: adapting config'],
  ])('is one line of the output of %s, without what is no error', (_server, output, reason) => {
    expect(failed(output)).toBe(reason)
  })

  test('is a sentence as it is, the whole output if all of it are remarks, and none without a failure', () => {
    expect(failed('It ended with 1.')).toBe('It ended with 1.')
    expect(failed('[warn] a\n[notice] b')).toBe('a\n[notice] b')
    expect(failureOf({ steps: [] })).toBeNull()
  })

  test('shows characters that could steer a terminal', () => {
    expect(failed('\u001b[31mred')).toBe(String.raw`\u001b[31mred`)
  })
})
