/**
 * Ends this process as SIGTERM does once the launcher that started it is gone, killed by what it could not pass
 * on: nobody would know of an engine that ran on. Does nothing where it was started without the launcher.
 */
export function endWithLauncher(): void {
  process.once('disconnect', () => {
    // Windows has no such signal: there whoever listens is told, and else it is over.
    if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(128 + sigterm)
  })
  process.channel?.unref()
}

const sigterm = 15
