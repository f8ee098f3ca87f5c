import type { RoleName } from '../../../../server/inbox/role.ts'

/** What a role is called; a role that the workspace made has a name of its own. */
export function roleInWords(role: RoleName, customName: string | null): string {
  const words: Record<RoleName, string> = {
    owner: 'Owner',
    administrator: 'Administrator',
    supervisor: 'Supervisor',
    agent: 'Agent',
    viewer: 'Viewer',
    custom: customName ?? 'A role of its own',
  }
  return words[role]
}
