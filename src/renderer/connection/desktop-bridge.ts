declare global {
  interface Window {
    /** Put there by the desktop's preload; absent in a browser. */
    edgekeepDesktop?: DesktopBridge
  }
}

/** What the desktop app does for its page. Every call asks; what is asked for comes as a `message` event. */
export interface DesktopBridge {
  /** For a new port to the engine; it arrives with `data` `edgekeep:port`. */
  requestPort(): void
  /**
   * For what the operating system opened with the app. Where there is something it arrives with
   * `edgekeepFiles`; `edgekeep:files-waiting` says that more can be asked for.
   */
  requestFiles(): void
  /** To start the engine again, where it could not be started. */
  retryEngine(): void
  showLogs(): void
  showGuide(): void
  /** Shows the file that was saved last in the file manager. A saved file's name arrives with `edgekeepSaved`. */
  showSaved(): void
  /** For the state of updates, which arrives with `edgekeepUpdates`, as does each that follows. */
  lookAtUpdates(): void
  checkForUpdates(): void
  downloadUpdate(): void
  cancelUpdate(): void
  restartToUpdate(): void
  /** How far long work is, for the task bar or dock: 0 to 1, `unknown`, or null for none. */
  showProgress(progress: number | 'unknown' | null): void
}
