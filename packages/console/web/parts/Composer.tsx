/** Where one writes. */
import { about, connection } from "../link.ts"
import { writing } from "../state/asking.ts"
import { memberById } from "../state/room.ts"
import { draft, drafts, read, send } from "../state/writing.ts"

/** Why nothing can be said, in a sentence. */
const obstacle = (conversation: string, name: string): string | undefined => {
  if (writing(conversation) === undefined) {
    return conversation === "" ? "Choose somebody to write to." : "Nothing can be said here."
  }
  const member = memberById.value.get(conversation)
  const gone = conversation !== "" && (member === undefined || member.state === "gone")
  return gone && about.value?.keeps !== true ? `${name} is gone. What was said stays here.` : undefined
}

/** The input of a conversation. What is written stays while the connection is lost. */
export const Composer = ({ conversation, name }: { readonly conversation: string; readonly name: string }) => {
  const text = drafts.value.get(conversation) ?? ""
  const ability = writing(conversation)
  const wrong = obstacle(conversation, name)
  if (ability === undefined || wrong !== undefined) return <p class="say note" role="status">{wrong}</p>
  const lost = connection.value !== "Open"
  const written = text.startsWith("/json ") ? read(ability, text) : undefined
  const submit = (event: Event) => {
    event.preventDefault()
    if (!lost) send()
  }
  return (
    <form class="say" onSubmit={submit}>
      <label class="hidden" for="say">Message to {name}</label>
      <div class="field">
        <input
          id="say"
          autoComplete="off"
          enterkeyhint="send"
          maxLength={65_536}
          placeholder={lost
            ? "What you write is kept until the peer answers"
            : `Say something to ${conversation === "" ? "everybody" : name}`}
          value={text}
          onInput={({ currentTarget }) => draft(conversation, currentTarget.value)}
        />
        {written !== undefined && (
          <span class={"wrong" in written ? "tag bad" : "tag good"}>{"wrong" in written ? "no JSON yet" : "JSON"}</span>
        )}
      </div>
      <button type="submit" class="primary" disabled={lost || text.trim() === ""}>Send</button>
    </form>
  )
}
