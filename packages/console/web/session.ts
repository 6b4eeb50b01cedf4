/**
 * The way in: the link's fragment is an invitation that is good once. The page takes it out of the address bar, exchanges
 * it for a key, and keeps the key for as long as the tab lives.
 *
 *     page -> POST /session   Authorization: Bearer INVITATION     200 and the key, or 401
 *     page -> GET /session    Authorization: Bearer KEY            204, 401 when the peer was started anew, 503 when
 *                                                                  as many pages are open as may be
 */
import * as Effect from "effect/Effect"

const name = "peerage.key"

/** What the console says of what somebody has shown it. */
export type Verdict = { readonly _tag: "Admitted"; readonly key: string } | { readonly _tag: "Refused" } | {
  readonly _tag: "Full" | "Silent"
}

const ask = (method: "GET" | "POST", secret: string): Effect.Effect<Response | undefined> =>
  Effect.promise((signal) =>
    fetch("/session", { method, signal, cache: "no-store", headers: { authorization: `Bearer ${secret}` } }).catch(() =>
      undefined
    )
  )

/** Takes the invitation out of the address bar, so that no history and no screenshot has it. */
export const takeInvitation = (): string | undefined => {
  const invitation = location.hash.slice(1)
  if (invitation === "") return undefined
  history.replaceState(null, "", location.pathname)
  return invitation
}

/** The key of this tab. */
export const storedKey = (): string | undefined => sessionStorage.getItem(name) ?? undefined

/** Exchanges an invitation for a key, and keeps it. */
export const redeem = Effect.fnUntraced(function*(invitation: string) {
  const response = yield* ask("POST", invitation)
  if (response === undefined) return { _tag: "Silent" } satisfies Verdict
  if (!response.ok) return { _tag: "Refused" } satisfies Verdict
  const key = yield* Effect.promise(() => response.text())
  sessionStorage.setItem(name, key)
  return { _tag: "Admitted", key } satisfies Verdict
})

/** Asks whether a key is good at the process that answers now. */
export const probe = Effect.fnUntraced(function*(key: string) {
  const response = yield* ask("GET", key)
  if (response === undefined) return { _tag: "Silent" } satisfies Verdict
  if (response.status === 503) return { _tag: "Full" } satisfies Verdict
  return response.ok ? { _tag: "Admitted", key } satisfies Verdict : { _tag: "Refused" } satisfies Verdict
})
