/**
 * Ends this process as SIGTERM does when its launcher is gone, killed by a signal that it cannot forward:
 * otherwise the engine would run on unnoticed. No effect without the launcher.
 */
function endWithLauncher(): void {
  process.once('disconnect', () => {
    // Windows has no SIGTERM: this calls its listeners, or exits if there are none.
    if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(128 + sigterm)
  })
  process.channel?.unref()
}

const sigterm = 15

// Closed pipe, as in `edgekeep … | head`: not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})
endWithLauncher()
// Imported late, into a chunk of its own: a process that runs this file once for each of many commands compiles it once.
const { runCommandLine } = await import('./command-line.ts')
process.exitCode = await runCommandLine(process.argv.slice(2))

export {}
