import { createHash } from 'node:crypto'
import { literal } from '../trust/stores/powershell.ts'
import { quoted } from '../trust/stores/shell.ts'
import { spliced, type HostsFile, type Splice } from './hosts-file.ts'

/**
 * What an administrator's `/bin/sh` runs to change the file at `path`. The script holds what it writes and reads
 * nothing that somebody else could write. The file is replaced whole or not at all, with its owner, permissions
 * and attributes; where it is not what it was when the plan was made, it is left alone.
 */
export function spliceScript(
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

/** Each line of ours is a word of `printf`, which puts the file's own line end after it. */
function printing(text: string, lineEnd: string): string {
  const lines = text.split(lineEnd).slice(0, -1)
  const end = lineEnd === '\r\n' ? '\\r\\n' : '\\n'
  return `printf ${quoted(`%s${end}`)} ${lines.map((line) => (line === '' ? "''" : quoted(line))).join(' ')}`
}

/**
 * The same for Windows' PowerShell. `File.Replace` keeps the access control list, the owner and the attributes of the
 * file that is there, and is whole or not at all. A link in its place is left alone.
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
