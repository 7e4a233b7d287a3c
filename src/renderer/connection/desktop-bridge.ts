declare global {
  interface Window {
    /** Set by the desktop's preload script; absent in a browser. */
    edgekeepDesktop?: DesktopBridge
  }
}

/** Calls from the page to the desktop app. None returns a value: results arrive as `message` events. */
export interface DesktopBridge {
  /** Requests a new port to the engine. It arrives with `data` `edgekeep:port`. */
  requestPort(): void
  /**
   * Requests the files that the operating system opened with the app. They arrive with `edgekeepFiles`, if
   * any; `edgekeep:files-waiting` announces more.
   */
  requestFiles(): void
  /** Starts the engine again after a failure. */
  retryEngine(): void
  showLogs(): void
  showGuide(): void
  /** Shows the last saved file in the file manager. The name of a saved file arrives with `edgekeepSaved`. */
  showSaved(): void
  /** Subscribes to the update state. It arrives with `edgekeepUpdates`, now and on each change. */
  lookAtUpdates(): void
  checkForUpdates(): void
  downloadUpdate(): void
  cancelUpdate(): void
  restartToUpdate(): void
  /** Sets the progress on the task bar or dock: 0 to 1, `unknown`, or null for none. */
  showProgress(progress: number | 'unknown' | null): void
}
