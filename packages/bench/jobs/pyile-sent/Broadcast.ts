/** Who is sent to, and what. */
import * as Member from "../pyile/Member.ts"

export const members = Array.from({ length: 50 }, (_, index) => Member.address(index))
export const text = "a message that is about as long as what people say to each other"
