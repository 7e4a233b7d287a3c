import { randomBytes } from 'node:crypto'
import { systemSteps, type DeviceSystem } from './device-systems.ts'

export interface PageFacts {
  fingerprint: string
  /** `https://192.168.1.5:41234/TOKEN`, under a certificate of the local authority. */
  probe: string
  /** Path of the page, `/TOKEN`. */
  path: string
}

export interface Page {
  html: string
  policy: string
}

/** Page for a device: the root to install, with the steps of its system first, and the test. No text from outside. */
export function devicePage({ fingerprint, probe, path }: PageFacts, system: DeviceSystem): Page {
  const nonce = randomBytes(16).toString('base64')
  const others = Object.keys(systemSteps).filter((each) => each !== system) as DeviceSystem[]
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Trust Edgekeep on this device</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<h1>Trust Edgekeep on this device</h1>
<p>Others in your network could alter this page. Trust the certificate only if your device shows this SHA-256 fingerprint for it (under “More Details” or “View certificate”), and the computer shows the same:</p>
<p class="code">${fingerprint}</p>
<h2>1. Install the certificate</h2>
${stepsOf(system, path)}
<h2>2. Check</h2>
<p><button id="check">Check this browser</button></p>
<p id="result" role="status"></p>
<h2>Other systems</h2>
${others.map((each) => `<details><summary>${each}</summary>${stepsOf(each, path)}</details>`).join('\n')}
<script nonce="${nonce}">${script(probe, path)}</script>
</body>
</html>
`
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self' ${new URL(probe).origin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
  return { html, policy }
}

function stepsOf(system: DeviceSystem, path: string): string {
  const { file, steps } = systemSteps[system]
  const items = steps.map((step) => `<li>${step}</li>`).join('')
  return `<p><a href="${path}/${file}">${file}</a> for ${system}</p><ol>${items}</ol>`
}

/** The page only asks for a handshake; the verdict is what the listener saw. */
function script(probe: string, path: string): string {
  return `
const result = document.getElementById('result')
document.getElementById('check').addEventListener('click', async () => {
  result.textContent = 'Checking…'
  await fetch(${JSON.stringify(probe)}, { mode: 'no-cors', cache: 'no-store' }).catch(() => undefined)
  const answer = await fetch(${JSON.stringify(`${path}/verdict`)}, { cache: 'no-store' })
  result.textContent = answer.ok ? (await answer.json()).sentence : 'This page has ended. Start it again on the computer.'
})`
}

const style = `body{font:17px/1.5 system-ui,sans-serif;max-width:40rem;margin:0 auto;padding:1rem}
h1{font-size:1.4rem}h2{font-size:1.1rem}
.code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}
button{font:inherit;padding:.6rem 1rem}
#result{font-weight:600}`
