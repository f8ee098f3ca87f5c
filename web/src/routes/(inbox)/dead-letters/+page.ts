import { redirect } from '@sveltejs/kit'

/** Where it was before there were settings. */
export const load = () => redirect(308, '/settings/dead-letters')
