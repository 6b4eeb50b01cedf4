/** The open conversation. Stays at its end while messages come, unless somebody has scrolled up. */
import { useSignal } from "@preact/signals"
import { useLayoutEffect, useRef } from "preact/hooks"
import type { Said } from "../../src/api/Frame.ts"
import { about, call } from "../link.ts"
import { writing } from "../state/asking.ts"
import { memberById, said, takeHistory, whole } from "../state/room.ts"
import { chosen, say } from "../state/view.ts"
import { Avatar } from "./Avatar.tsx"
import { Composer } from "./Composer.tsx"
import { Icon } from "./Icon.tsx"
import { Message } from "./Message.tsx"
import { Welcome } from "./Welcome.tsx"

/** How many messages are drawn at first; scrolling up draws more. */
const page = 150

const nameOf = (id: string): string => id === "" ? "Everybody" : memberById.value.get(id)?.name ?? id

const Heading = () => {
  const id = chosen.value
  const member = memberById.value.get(id)
  const detail = id === "" ? "what was said to all" : member?.detail ?? ""
  return (
    <header>
      <Avatar id={id} name={nameOf(id)} />
      <h2 id="talk-title">
        <bdi>{nameOf(id)}</bdi>
      </h2>
      {detail !== nameOf(id) && <span class="detail">{id === "" ? detail : <code>{detail}</code>}</span>}
    </header>
  )
}

const Empty = () => {
  const id = chosen.value
  const everybody = about.value?.everybody === true
  if (id === "" && !everybody) {
    return (
      <li class="empty">
        <p>Choose somebody to see what was said.</p>
      </li>
    )
  }
  if (writing(id) === undefined) {
    return (
      <li class="empty">
        <p>Nothing came yet.</p>
      </li>
    )
  }
  return (
    <li class="empty">
      <strong>Nothing said yet.</strong>
      <p>What you write goes to {id === "" ? "all members" : nameOf(id)}.</p>
    </li>
  )
}

const earlier = (conversation: string, before: number | undefined) =>
  call((calls) => calls.History(before === undefined ? { conversation } : { conversation, before })).then((outcome) => {
    if (outcome._tag === "Done") takeHistory(conversation, outcome.value)
    else say(outcome.message, true)
  })

/** The list, and where somebody is in it. */
const Messages = ({ conversation, messages }: {
  readonly conversation: string
  readonly messages: ReadonlyArray<Said>
}) => {
  const box = useRef<HTMLDivElement>(null)
  /** The last message that was seen at the end, while somebody is further up. */
  const left = useSignal<number | undefined>(undefined)
  const drawn = useSignal(page)
  const shown = messages.slice(-drawn.value)
  const last = messages.at(-1)
  const toEnd = () => {
    left.value = undefined
    box.current?.scrollTo(0, box.current.scrollHeight)
  }
  useLayoutEffect(() => {
    if (left.peek() === undefined || last?.own === true) toEnd()
  }, [last?.n])
  const onScroll = () => {
    const { clientHeight = 0, scrollHeight = 0, scrollTop = 0 } = box.current ?? {}
    const atEnd = scrollHeight - scrollTop - clientHeight < 60
    if (atEnd) left.value = undefined
    else if (left.peek() === undefined) left.value = last?.n ?? 0
  }
  const news = left.value === undefined ? 0 : messages.filter(({ n, own }) => n > (left.value ?? 0) && !own).length
  const isWhole = shown.length === messages.length && whole.value.has(conversation)
  const more = () => {
    if (shown.length < messages.length) drawn.value += page
    else void earlier(conversation, messages[0]?.n)
  }
  return (
    <div class="messages">
      <div class="scroll" ref={box} role="log" aria-label="Messages" tabIndex={0} onScroll={onScroll}>
        <ol role="list">
          {!isWhole && messages.length > 0 && (
            <li class="earlier">
              <button type="button" class="small" onClick={more}>Earlier messages</button>
            </li>
          )}
          {messages.length === 0 && <Empty />}
          {shown.map((message, index) => <Message key={message.n} message={message} before={shown[index - 1]} />)}
        </ol>
      </div>
      {news > 0 && (
        <button type="button" class="news" onClick={toEnd}>
          {news} new<Icon name="down" />
        </button>
      )}
    </div>
  )
}

/** The open conversation, with its input. */
export const Talk = () => {
  const conversation = chosen.value
  const messages = said.value.get(conversation) ?? []
  return (
    <section class="talk" aria-labelledby="talk-title">
      <Heading />
      {messages.length === 0 && conversation === "" && about.value?.invite !== undefined && memberById.value.size === 0
        ? <Welcome />
        : <Messages key={conversation} conversation={conversation} messages={messages} />}
      <Composer conversation={conversation} name={nameOf(conversation)} />
    </section>
  )
}
