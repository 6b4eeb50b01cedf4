/** Searches for a file by its name, the same from a terminal and from a page, and the hits of all of them. */
import type { FileName, FilePeer, Searching } from "@peerage/pyrate"
import type { PeerAddress } from "@peerage/transport"
import { Effect, Stream } from "effect"

/** The latest hits, each once. */
export type Hits = ReturnType<typeof hits>

const most = 1000

/** Makes an empty list. */
export const hits = () => {
  const found = new Map<string, Searching.Hit>()
  return {
    note: (hit: Searching.Hit) =>
      Effect.sync(() => {
        const id = `${hit.peer} ${hit.name}`
        found.delete(id)
        found.set(id, hit)
        const oldest = found.keys().next().value
        if (found.size > most && oldest !== undefined) found.delete(oldest)
      }),
    /** The latest first. */
    all: Effect.sync(() => [...found.values()].reverse())
  }
}

// How long answers are waited for.
const searchFor = "5 seconds"

/** Searches, and notes hits as they come. Succeeds with who has the file, when nobody else is waited for. */
export const search = Effect.fnUntraced(function*(
  { search }: Pick<FilePeer.FilePeerService, "search">,
  name: FileName.FileName,
  { note }: Pick<Hits, "note">
) {
  const peers = new Set<PeerAddress.PeerAddress>()
  yield* search(name).pipe(
    Effect.flatMap(Stream.runForEach((hit) => Effect.andThen(Effect.sync(() => peers.add(hit.peer)), note(hit)))),
    Effect.timeoutOption(searchFor),
    Effect.scoped
  )
  return [...peers]
})
