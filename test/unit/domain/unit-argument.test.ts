import { expect, test } from 'vitest'
import { unitArgument, unitProgram } from '../../../src/domain/unit-argument.ts'
import { serviceText } from '../../../src/engine-process/service-unit.ts'

test('an argument has no variable, no specifier and no quote of systemd', () => {
  expect(unitArgument('/data $HOME 100% "x" \\')).toBe('"/data $$HOME 100%% \\"x\\" \\\\"')
})

test('the program of a unit keeps its dollar signs, which systemd does not expand there', () => {
  expect(unitProgram('/opt/$x 100%/node')).toBe('"/opt/$x 100%%/node"')
  expect(serviceText(['/opt/$x/node', '$y'], false)).toContain('ExecStart="/opt/$x/node" "$$y"\n')
})
