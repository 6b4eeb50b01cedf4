/** `peerage host` and `peerage join`: an encrypted chat among friends, which is Pyile over the secure transport. */
import * as About from "./About.ts"
import * as PyileHost from "./PyileHost.ts"
import * as PyileJoin from "./PyileJoin.ts"

/** `peerage host`. */
export const host = PyileHost.command({
  name: "peerage host",
  about: About.sentences.host,
  secure: true,
  joins: "join",
  examples: {
    "peerage host": "Host for everybody who can reach this machine; prints an invitation, and makes a passphrase up",
    "peerage host --identity ~/.config/peerage/host.key --passphrase-file secret.txt":
      "With the key and the passphrase of the last time, so that friends come back"
  }
})

/** `peerage join`. */
export const join = PyileJoin.command({
  name: "peerage join",
  about: About.sentences.join,
  secure: true,
  argument: "INVITATION",
  examples: {
    "peerage join peerage://192.0.2.1:4702/pyile#KEY":
      "Join with the invitation that the host shows; the passphrase is asked for",
    "peerage join 192.0.2.1 --alias bob":
      "Join as bob without an invitation: whoever has the passphrase may pose as the host"
  }
})
