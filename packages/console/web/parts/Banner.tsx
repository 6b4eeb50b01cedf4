/** What is wrong, in a sentence under the bar. */
import { connection } from "../link.ts"
import { now, status } from "../state/room.ts"
import { clock } from "../words.ts"

const sentence = (): string => {
  if (connection.value === "Lost") {
    return `The peer does not answer. What you see is from ${
      clock(now.value)
    }; it is asked again each second, and what you write is kept.`
  }
  if (connection.value === "Full") return "Eight pages of this peer are open. Close one of them; this one goes on then."
  return status.value.tone === "good" ? "" : status.value.sentence ?? ""
}

/** The sentence, where there is one to say. */
export const Banner = () => {
  const text = sentence()
  const bad = connection.value !== "Open" || status.value.tone === "bad"
  return <div role="alert" class="banners">{text !== "" && <p class={bad ? "banner bad" : "banner"}>{text}</p>}</div>
}
