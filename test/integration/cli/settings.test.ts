import { expect, onTestFinished, test } from 'vitest'
import { edgekeep, homeWithKeyFile, startEdgekeep } from '../../support/processes/cli.ts'
import { freePort } from '../../support/free-port.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test(
  'ports, workers and metrics are kept from the command line, overruled for one run, and said',
  { timeout: 60_000 },
  async () => {
    const home = await homeWithKeyFile(temporaryFolder())
    const [https, http, metrics, other] = await Promise.all([freePort(), freePort(), freePort(), freePort()])
    const set = await edgekeep(home, [
      'settings',
      ...['--https-port', String(https), '--http-port', String(http), '--metrics', String(metrics)],
      ...['--workers', 'auto'],
    ])
    expect(set.out).toMatch(
      new RegExp(`HTTPS +${https}\\nHTTP +${http}\\nWorkers +auto\\nMetrics +${metrics}`),
    )
    const running = await startEdgekeep(home, ['--no-ui', '--https-port', String(other)])
    onTestFinished(() => running.kill())
    expect([running.httpsPort, running.httpPort]).toEqual([other, http])
    expect((await fetch(`http://127.0.0.1:${metrics}/metrics`)).status).toBe(200)

    const joined = await edgekeep(home, ['up', '--no-ui'])
    expect(joined.out).toContain(`HTTPS  127.0.0.1:${other}  (for this run; the setting is ${https})`)
    expect(joined.out).toContain(`http://127.0.0.1:${metrics}/metrics`)
    expect((await edgekeep(home, ['up', '--no-ui', '--metrics', String(metrics)])).status).toBe(0)

    expect((await edgekeep(home, ['up', '--no-ui', '--workers', 'auto'])).status).toBe(0)

    const off = await edgekeep(home, ['settings', '--metrics', 'off'])
    expect(off.out).toContain(`off; now ${metrics} (until it starts again)`)
    expect(off.out).toContain('takes effect when Edgekeep starts again')
    expect(off.out).toMatch(/Desktop app +asks when its window is closed; does not start at login/)
    const desktop = ['--on-close', 'keep', '--start-at-login', 'yes']
    const preferred = await edgekeep(home, ['settings', ...desktop, '--json'])
    expect(preferred.json()).toMatchObject({ ok: true, desktop: { onClose: 'keep', startAtLogin: true } })
    const ask = await edgekeep(home, ['settings', '--on-close', 'ask'])
    expect(ask.out).toMatch(/Desktop app +asks when its window is closed; starts at login/)
    const refused = await edgekeep(home, ['settings', '--https-port', 'abc'])
    expect(refused).toMatchObject({ status: 2, err: expect.stringContaining('abc is not a port') as string })

    const engine = async () =>
      (await edgekeep(home, ['status', '--json'])).json()['status'] as { pid: number }
    const { pid } = await engine()
    expect((await edgekeep(home, ['restart'])).out).toContain(`HTTPS  127.0.0.1:${other}`)
    expect((await engine()).pid).not.toBe(pid)
    // Stored settings are in effect, and those of this run.
    await expect(fetch(`http://127.0.0.1:${metrics}/metrics`)).rejects.toThrow('fetch failed')

    const follower = edgekeep(home, ['up'])
    expect(await edgekeep(home, ['stop'])).toMatchObject({ status: 0, out: 'Edgekeep has stopped.\n' })
    expect([await running.ended, (await follower).status]).toEqual([0, 0])
    expect(await edgekeep(home, ['stop'])).toMatchObject({ status: 0, out: 'Edgekeep is not running.\n' })
    expect((await edgekeep(home, ['restart', '--json'])).json().error?.code).toBe('engine.unreachable')
  },
)
