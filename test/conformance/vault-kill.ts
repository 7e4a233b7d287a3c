import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killRestores } from '../support/vault/restore-crash.ts'
import { killAgainAndAgain } from '../support/vault/vault-crash.ts'

/** The long run of the vault's crash test: `npm run conformance -- vault-kill [KILLS]`, 500 if not given. One in ten more hits a restore. */
const kills = Number(process.argv[2] ?? 500)
const folder = mkdtempSync(join(tmpdir(), 'edgekeep-kill-'))
const started = Date.now()
const report = await killAgainAndAgain(folder, kills)
const restores = await killRestores(mkdtempSync(join(folder, 'restores-')), Math.ceil(kills / 10))
rmSync(folder, { recursive: true, force: true })
console.log(JSON.stringify({ ...report, restores, seconds: Math.round((Date.now() - started) / 1000) }))
