import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lookAtLowPorts, lowerScript, raiseScript } from '../../../../src/engine/names/low-ports.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

function placesWith(from: string, kept?: string) {
  const folder = temporaryFolder()
  const places = { now: join(folder, 'now'), file: join(folder, 'kept') }
  writeFileSync(places.now, from)
  if (kept !== undefined) writeFileSync(places.file, kept)
  return places
}
/** The two lines that a script writes. */
function keptBy(script: string): string {
  const [, mark, setting] = /printf '%s\\n' '([^']*)' '([^']*)'/.exec(script) ?? []
  return `${mark}\n${setting}\n`
}

test('the number that was before is kept in the file, and given back by the undo', () => {
  const first = lookAtLowPorts(placesWith('1024\n'))
  expect(first).toMatchObject({ from: 1024, before: null, obstacle: null })
  const changed = lookAtLowPorts(placesWith('80\n', keptBy(lowerScript(80, first))))
  expect(changed).toMatchObject({ from: 80, before: 1024, obstacle: null })
  expect(raiseScript(changed)).toContain('echo 1024 >')
  // A second change does not record the first one as the original value.
  expect(keptBy(lowerScript(80, changed))).toBe(keptBy(lowerScript(80, first)))
})

test('a file of that name by another program is left alone', () => {
  for (const kept of [
    'net.ipv4.ip_unprivileged_port_start=0\n',
    '',
    '# Edgekeep\nkernel.core_pattern=|/tmp/x\n',
  ])
    expect(lookAtLowPorts(placesWith('0\n', kept))).toMatchObject({
      before: null,
      obstacle: { command: null },
    })
  const ours = keptBy(lowerScript(80, lookAtLowPorts(placesWith('1024\n'))))
  for (const more of [
    `${ours}kernel.core_pattern=|/tmp/x\n`,
    ours.replace('1024.', '$(id).'),
    ours.replace('net.', 'kernel.'),
  ])
    expect(lookAtLowPorts(placesWith('80\n', more)).obstacle).not.toBe(null)
})

test('a system without such a number reports that', () => {
  expect(lookAtLowPorts({ now: '/nowhere/now', file: '/nowhere/kept' })).toMatchObject({
    from: null,
    before: null,
  })
})
