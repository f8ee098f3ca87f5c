/** Who is asking, with what decides about access. Loaded once a request, and again and again while a socket lives. */
export type Agent = {
  id: string
  name: string
  email: string
  workspaceId: string
  role: 'administrator' | 'agent'
  teamIds: string[]
}
