/** Abbreviations that are read letter by letter, with a vowel first. */
const vowelSound = /^(?:[aeiou]|(?:RSA|SSH|ML-DSA|SLH-DSA|X25519|X448)\b)/i

/** `an RSA public key`, `a certificate`: a title within a sentence. Names such as `OpenSSH` keep their case. */
export function withArticle(title: string): string {
  const isWord = /^[A-Z][a-z]+(?: |$)/.test(title)
  const within = isWord ? title.charAt(0).toLowerCase() + title.slice(1) : title
  return `${vowelSound.test(within) ? 'an' : 'a'} ${within}`
}
