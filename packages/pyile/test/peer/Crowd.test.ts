import { crowd } from "./Crowd.ts"

crowd(24)
