import type { Role, RoleName } from './role.ts'

/** Who is asking, with what decides about access. Loaded once a request, and again and again while a socket lives. */
export type Agent = {
  id: string
  name: string
  email: string
  workspaceId: string
  role: RoleName
  /** Of the role `custom`: what it allows. */
  customRole?: (Role & { id: string; name: string }) | null
  teamIds: string[]
}
