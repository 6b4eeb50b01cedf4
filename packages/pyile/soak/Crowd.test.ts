import { crowd } from "../test/peer/Crowd.ts"

crowd(200)
