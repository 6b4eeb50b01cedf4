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
  return status.value.tone === "good" ? "" : status.value.sentence ?? ""
}

/** The sentence, where there is one to say. */
export const Banner = () => {
  const text = sentence()
  const bad = connection.value === "Lost" || status.value.tone === "bad"
  return <div role="alert" class="banners">{text !== "" && <p class={bad ? "banner bad" : "banner"}>{text}</p>}</div>
}
