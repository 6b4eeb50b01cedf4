/** What the help of all says of each command, without the command itself, which takes a while to load. */

/** One sentence for each. */
export const sentences = {
  demo: "Watch a host and two joiners over real TCP: join, chat, wrong password, kick, leave, ban",
  pyile: "Password-protected chat networks, compatible with pyile-protocol 0.1",
  chat:
    "Chat by id in a network without a host, compatible with p2p-chat: messages find their way over the peers between",
  peerpy: "Typed connections and peers on the local network, compatible with peerpy 1.2",
  pyrate: "File sharing by a bootstrap, search and download, compatible with pyrate"
} as const

/** Where to begin. */
export const examples = [
  { command: "peerage demo", description: "See everything once" },
  { command: "peerage pyile host", description: "Host a network, with a passphrase made up" },
  { command: "peerage chat 0.0.0.0:5000", description: "Begin a chat network that needs no host" },
  { command: "peerage peerpy discover", description: "See which peers are on the local network" },
  { command: "peerage pyrate bootstrap", description: "Be where peers that share files find each other" }
]
