/** What a peer of Pyrate does and what waits, in words. */

/** What is done for a command, by its direction and kind. */
const work: ReadonlyMap<string, string> = new Map([
  ["Outbound BootstrapRegister", "register"],
  ["Outbound BootstrapUnregister", "unregister"],
  ["Outbound BootstrapRequestPeerList", "ask who is there"],
  ["Outbound BootstrapKeepAlive", "say that you are there"],
  ["Outbound DownloadRequest", "fetch a file"],
  ["Outbound ListRequest", "ask for its files"],
  ["Outbound SearchRequest", "search"],
  ["Relayed SearchRequest", "pass a search on"],
  ["Relayed SearchResponse", "answer a search"],
  ["Inbound DownloadRequest", "send a file"],
  ["Inbound ListRequest", "send the list of your files"],
  ["Inbound SearchRequest", "look whether you have a file"],
  ["Inbound SearchResponse", "take an answer to your search"]
])

/** A command that runs or waits, in words. */
export const workOf = (command: { readonly direction: string; readonly kind: string }): string => {
  const name = `${command.direction} ${command.kind}`
  return work.get(name) ?? name
}
