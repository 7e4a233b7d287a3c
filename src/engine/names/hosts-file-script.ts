import { createHash } from 'node:crypto'
import { literal } from '../../platform/commands/powershell.ts'
import { quoted } from '../../platform/commands/shell.ts'
import { spliced, type HostsFile, type Splice } from './hosts-file.ts'

/**
 * Script for an administrator's `/bin/sh` that changes the file at `path`. It contains all that it writes and
 * reads no file that others could write. It replaces the file atomically, preserving owner, permissions and
 * attributes, and aborts if the file has changed since the plan.
 */
export function hostsFileScript(
  path: string,
  file: HostsFile,
  splice: Splice,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform === 'win32') return spliceForPowerShell(path, file, splice)
  const { lineEnd, bytes } = file
  const after = spliced(file, splice)
  const written = splice.text === '' ? [] : [printing(splice.text, lineEnd)]
  const sum = platform === 'darwin' ? 'shasum -a 256' : 'sha256sum'
  const isSum = (name: string, wanted: Buffer) =>
    `[ "$(${sum} < "${name}" | cut -c1-64)" = ${createHash('sha256').update(wanted).digest('hex')} ]`
  return [
    `file=${quoted(path)}`,
    'next=$(mktemp "$file.edgekeep.XXXXXX")',
    'read=$(mktemp "$file.edgekeep.XXXXXX")',
    `trap 'rm -f "$next" "$read"' EXIT`,
    'cp -a "$file" "$next"',
    'cat "$file" > "$read"',
    `${isSum('$read', bytes)} || { echo 'The hosts file has changed since the plan was made.' >&2; exit 1; }`,
    '{ :',
    ...(splice.from > 0 ? [`  head -c ${splice.from} "$read"`] : []),
    ...written.map((line) => `  ${line}`),
    ...(splice.to < bytes.length ? [`  tail -c +${splice.to + 1} "$read"`] : []),
    '} > "$next"',
    `${isSum('$next', after)} || { echo 'The hosts file could not be written whole.' >&2; exit 1; }`,
    'mv -f "$next" "$file"',
  ].join('\n')
}

/** Prints each line as an argument of `printf`, with the file's own line end. */
function printing(text: string, lineEnd: string): string {
  const lines = text.split(lineEnd).slice(0, -1)
  const end = lineEnd === '\r\n' ? '\\r\\n' : '\\n'
  return `printf ${quoted(`%s${end}`)} ${lines.map((line) => (line === '' ? "''" : quoted(line))).join(' ')}`
}

/**
 * PowerShell variant. `File.Replace` is atomic and preserves access control list, owner and attributes. A
 * link is left alone.
 */
function spliceForPowerShell(path: string, file: HostsFile, splice: Splice): string {
  const { bytes, lineEnd } = file
  const { from, to, text } = splice
  const lines = text.split(lineEnd).slice(0, -1)
  const end = lineEnd === '\r\n' ? '"`r`n"' : '"`n"'
  const written = lines.map((line) => `  ${literal(line)}`).join(',\n')
  const sumOf = (wanted: Buffer) => createHash('sha256').update(wanted).digest('hex').toUpperCase()
  return [
    `$file = ${literal(path)}`,
    `$sumOf = { param($bytes) [BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash([byte[]]$bytes)).Replace('-', '') }`,
    `if ((Get-Item -LiteralPath $file -Force).Attributes -band [IO.FileAttributes]::ReparsePoint) { throw 'The hosts file is a link.' }`,
    '$read = [IO.File]::ReadAllBytes($file)',
    `if ((& $sumOf $read) -ne '${sumOf(bytes)}') { throw 'The hosts file has changed since the plan was made.' }`,
    ...(text === '' ? ['$lines = @()'] : [`$lines = @(\n${written}\n)`]),
    `$middle = [Text.Encoding]::ASCII.GetBytes([string]::Concat(($lines | ForEach-Object { $_ + ${end} })))`,
    '$after = New-Object IO.MemoryStream',
    `$after.Write($read, 0, ${from}); $after.Write($middle, 0, $middle.Length); $after.Write($read, ${to}, ${bytes.length - to})`,
    `if ((& $sumOf $after.ToArray()) -ne '${sumOf(spliced(file, splice))}') { throw 'The hosts file could not be written whole.' }`,
    `$next = $file + '.edgekeep.' + [Guid]::NewGuid().ToString('N')`,
    `try { [IO.File]::WriteAllBytes($next, $after.ToArray()); [IO.File]::Replace($next, $file, [NullString]::Value) }`,
    `finally { if (Test-Path -LiteralPath $next) { Remove-Item -LiteralPath $next } }`,
  ].join('\n')
}
