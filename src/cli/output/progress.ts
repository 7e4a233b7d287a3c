/** One line that is overwritten; only at a terminal. */
export function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`)
}

const quietMs = 1_000
const betweenMs = 200

/**
 * Shows progress after the first second, then at most five times a second. `end` removes the line. `now` is a
 * clock in milliseconds.
 */
export function lateProgress(
  show = showProgress,
  now = () => performance.now(),
): { tell(sentence: string): void; end(): void } {
  let nextAt = now() + quietMs
  let isShown = false
  return {
    tell(sentence) {
      if (now() < nextAt) return
      nextAt = now() + betweenMs
      isShown = true
      show(sentence)
    },
    end() {
      if (isShown) show('')
    },
  }
}

/** Progress of opening files with a passphrase, if it takes more than a second. */
export function openingProgress(): { onProgress: (done: number) => void } {
  const { tell, end } = lateProgress()
  return {
    onProgress(done) {
      if (done < 1) tell(`edgekeep: deriving the key of the file … ${Math.floor(done * 100)} %`)
      else end()
    },
  }
}
