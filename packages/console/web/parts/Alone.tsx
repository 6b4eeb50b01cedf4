/** What stands in the page while there is nothing else to show. */
import type { ComponentChildren } from "preact"
import { type Connection, connection } from "../link.ts"
import { Bar } from "./Bar.tsx"

const Sentence = ({ children, title }: { readonly title: string; readonly children: ComponentChildren }) => (
  <main class="alone">
    <h2>{title}</h2>
    <p>{children}</p>
  </main>
)

const sentences: { readonly [state in Exclude<Connection, "Open">]: () => ReturnType<typeof Sentence> } = {
  Opening: () => <Sentence title="Connecting to the peer">It answers in a moment.</Sentence>,
  Lost: () => <Sentence title="The peer does not answer">It is asked again each second. Is it still running?</Sentence>,
  Full: () => (
    <Sentence title="Eight pages of this peer are open">Close one of them. This page opens by itself then.</Sentence>
  ),
  Used: () => (
    <Sentence title="This link has been used">
      A link opens one page, once and for ten minutes. Type <code>/console</code>{" "}
      where the peer runs, and open the new one.
    </Sentence>
  ),
  Uninvited: () => (
    <Sentence title="This page needs a link">
      Type <code>/console</code> where the peer runs, and open the link that it shows.
    </Sentence>
  ),
  Restarted: () => (
    <Sentence title="The peer was started anew">
      Open its new link: it stands where the peer runs, and <code>/console</code> shows one too.
    </Sentence>
  )
}

/** A sentence for each state without a peer. */
export const Alone = () => (
  <>
    <Bar condition={{ tone: "waiting", word: "connecting" }} />
    {sentences[connection.value === "Open" ? "Opening" : connection.value]()}
  </>
)
