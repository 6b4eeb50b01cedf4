/** What is wrong, in a sentence under the bar. */
import { connection } from "../link.ts"
import { now, status } from "../state/room.ts"
import { clock } from "../words.ts"

const wrong = (): string => {
  const { sentence = "", tone } = status.value
  if (connection.value === "Lost" && tone === "bad") return `${sentence} The page asks each second whether it is back.`
  if (connection.value === "Lost") {
    return `The peer does not answer. What you see is from ${
      clock(now.value)
    }; it is asked again each second, and what you write is kept.`
  }
  if (connection.value === "Full") return "Eight pages of this peer are open. Close one of them; this one goes on then."
  return tone === "good" ? "" : sentence
}

/** The sentence, where there is one to say. */
export const Banner = () => {
  const text = wrong()
  const bad = connection.value !== "Open" || status.value.tone === "bad"
  return <div role="alert" class="banners">{text !== "" && <p class={bad ? "banner bad" : "banner"}>{text}</p>}</div>
}
