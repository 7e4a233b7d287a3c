export interface PageAnswer {
  outcome: 'trusted' | 'other'
  title: string
  sentence: string
  /** Instruction for the user, if there is one. */
  todo: string | null
  /** Observation of the edge, if it explains the outcome. */
  words: string | null
}

const style = `
:root { color-scheme: light dark; --ground: light-dark(#f5f6f8, #111318); --surface: light-dark(#fff, #191c23);
  --border: light-dark(#e1e5eb, #2a2f39); --text: light-dark(#1a2029, #e6e9ee); --dim: light-dark(#586374, #9ea6b3);
  --works: light-dark(#0b7d46, #45ca88); --no: light-dark(#c2242b, #ff8a8a); --soft: light-dark(#f6f7f9, #14171c) }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; padding: 24px; background: var(--ground);
  color: var(--text); font: 1rem/1.55 Inter, system-ui, -apple-system, 'Segoe UI', sans-serif }
main { width: min(36rem, calc(100vw - 48px)); padding: 32px; background: var(--surface);
  border: 1px solid var(--border); border-radius: 12px }
.head { display: flex; gap: 14px; align-items: flex-start }
svg { flex: none; width: 30px; height: 30px; margin-top: 1px; fill: none; stroke: var(--dim); stroke-width: 2;
  stroke-linecap: round; stroke-linejoin: round }
h1 { margin: 0; font-size: 1.2rem; line-height: 1.5; font-weight: 620; text-wrap: balance }
p { margin: 12px 0 0 }
p:empty { display: none }
#words { color: var(--dim); font-size: .9rem }
#todo { padding: 12px 14px; background: var(--soft); border: 1px solid var(--border); border-radius: 8px }
footer { margin-top: 24px; padding-top: 14px; border-top: 1px solid var(--border); color: var(--dim); font-size: .85rem }
[data-outcome] svg > * { display: none }
[data-outcome=asking] .asking, [data-outcome=trusted] .trusted, [data-outcome=other] .other { display: inline }
[data-outcome=trusted] svg { stroke: var(--works) }
[data-outcome=other] svg { stroke: var(--no) }
`

const sign = `<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9" stroke-dasharray="3 3.28" class="asking"/><g class="trusted"><circle cx="12" cy="12" r="9"/><path d="m8.5 12.2 2.4 2.4 4.8-5"/></g><g class="other"><circle cx="12" cy="12" r="9"/><path d="M12 7.5v5M12 16v.01"/></g></svg>`

/** Page that requests a name no browser should accept as a control, then the name of the probe. */
export function askingPage(targets: { control: string; proof: string }, nonce: string): string {
  const script = `
const ask = (address) => fetch(address, { mode: 'no-cors', cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(10000) }).catch(() => undefined)
const show = ({ outcome, title, sentence, todo, words }) => {
  document.querySelector('main').dataset.outcome = outcome
  document.title = title
  document.querySelector('h1').textContent = title
  document.getElementById('sentence').textContent = outcome === 'trusted' ? sentence + ' You can close this page.' : sentence
  document.getElementById('words').textContent = words ? 'The edge saw: ' + words : ''
  document.getElementById('todo').textContent = todo ?? ''
}
const gone = { outcome: 'other', title: 'Edgekeep no longer waits', sentence: 'This check was cancelled or its time was over. Nothing was tested.', todo: 'Start it again in Edgekeep, which gives a new address.' }
const run = async () => {
  await ask(${JSON.stringify(targets.control)})
  await ask(${JSON.stringify(targets.proof)})
  const answer = await fetch('/verdict', { method: 'POST' }).catch(() => null)
  show(answer?.ok ? await answer.json() : gone)
}
run()
`
  const rest = `<p id="sentence">This browser now asks the edge over HTTPS. That takes a few seconds.</p>
<p id="words"></p>
<p id="todo"></p>
<noscript><p>This check needs JavaScript. Allow it for this page, and start the check again in Edgekeep.</p></noscript>`
  return wholePage({ title: 'Asking the edge…', outcome: 'asking', rest, nonce, script })
}

export function messagePage({ title, sentence }: { title: string; sentence: string }, nonce: string): string {
  return wholePage({ title, outcome: 'other', rest: `<p>${sentence}</p>`, nonce, script: '' })
}

interface PageParts {
  title: string
  outcome: 'asking' | 'other'
  rest: string
  nonce: string
  script: string
}

function wholePage({ title, outcome, rest, nonce, script }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${style}</style>
</head>
<body>
<main data-outcome="${outcome}" aria-live="polite">
<div class="head">${sign}<h1>${title}</h1></div>
${rest}
<footer>Edgekeep, on this computer. This address works once. Nothing is sent to the Internet.</footer>
</main>
${script === '' ? '' : `<script nonce="${nonce}">${script}</script>`}
</body>
</html>
`
}
