/** What happened, the latest first. A line leads back to its moment. */
import type { Note } from "../../src/api/Stage.ts"
import { moment, notes, shown } from "../state/simulation.ts"
import { seconds } from "./moments.ts"
import { lastUntil } from "./past.ts"

const most = 80

const tones: { readonly [kind in Note["kind"]]: string } = {
  fault: "warning",
  mended: "good",
  event: "",
  kept: "good",
  broken: "error"
}

const Line = ({ note: { at, kind, text } }: { readonly note: Note }) => (
  <li class={tones[kind]}>
    <button
      type="button"
      title="Show this moment"
      aria-label={`Show ${seconds(at)}`}
      onClick={() => moment.value = at}
    >
      <time>{seconds(at)}</time>
    </button>
    <span class="words">{text}</span>
  </li>
)

/** The list. */
export const Happened = () => {
  const until = lastUntil(notes.value, shown.value) + 1
  return (
    <section class="pane happened" aria-labelledby="happened-title">
      <header>
        <h2 id="happened-title">What happened</h2>
      </header>
      <ol role="list" class="scroll lines" tabIndex={0} aria-labelledby="happened-title">
        {notes.value.slice(Math.max(0, until - most), until).reverse().map((note) => <Line key={note.n} note={note} />)}
      </ol>
    </section>
  )
}
