/** Page of one sentence, for a person without a session or at a wrong address. */
export function plainPage(sentence: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Edgekeep</title>
    <style>
      body { font: 1.1rem/1.5 system-ui, sans-serif; margin: 20vh auto; max-width: 34rem; padding: 0 1.5rem }
      code { background: color-mix(in srgb, currentcolor 12%, transparent); border-radius: 4px; padding: 0.1em 0.4em }
    </style>
  </head>
  <body>
    <main><h1>Edgekeep</h1><p>${sentence}</p></main>
  </body>
</html>
`
}

export const sentences = {
  noSession: 'This window is not signed in. Run <code>edgekeep</code> in a terminal to open one that is.',
  tokenRefused:
    'This address was used already or is too old: it opens one window, once. Run <code>edgekeep</code> in a terminal for a new one.',
  signedIn: 'Opening the window…',
  wrongHost:
    'This address is not one of Edgekeep. Run <code>edgekeep</code> in a terminal to open its window.',
  notFound: 'There is nothing here.',
  wrongMethod: 'Only GET and HEAD are answered here.',
}
