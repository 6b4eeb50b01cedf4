/** What people give for an address or a name, and what it should have been: what follows "takes" in a sentence. All pure. */

// A joiner between two emoji makes one picture of them.
const unseen = /(?!\u200D\p{Extended_Pictographic})[\p{C}\u2028\u2029]/u

/** The first character of a text that cannot be seen, as `U+202E, which turns ..`; `undefined` where there is none. */
export const unseenIn = (text: string): string | undefined => {
  const [found] = unseen.exec(text) ?? []
  if (found === undefined) return undefined
  const character = `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`
  if (/\p{Bidi_Control}/u.test(found)) return `${character}, which turns the direction of writing`
  return `${character}, ${/\p{Cc}/u.test(found) ? "which is a control character" : "which nobody sees"}`
}

/** A name in ASCII, as the address bar of a browser has it; `undefined` for a text that is no name. */
const asciiOf = (host: string): string | undefined => URL.parse(`ws://${host}`)?.hostname

const scheme = /^[a-z][a-z\d+.-]*:\/\//i

/**
 * What an address should have been that is one but for its form: it has characters that nobody sees, is a URL, an IPv6
 * address or a name beyond ASCII. `undefined` for any other text; `what` is what is wanted, as "an address".
 */
export const mistakenAddress = (text: string, what: string): string | undefined => {
  const problem = unseenIn(text)
  if (problem !== undefined) return `${what} without ${problem}`
  const bare = text.replace(scheme, "").replace(/[/?#].*$/, "").replace(/^.*@/, "")
  if (bare !== text && bare !== "") return `${what} and no URL, such as ${bare}`
  if ((text.match(/:/g) ?? []).length > 1) return "an IPv4 address, as this is an IPv4 protocol"
  const [host = "", ...port] = text.split(":")
  const ascii = /[^\0-\x7f]/.test(host) ? asciiOf(host) : undefined
  return ascii === undefined ? undefined : `a name in ASCII, which here is ${[ascii, ...port].join(":")}`
}
