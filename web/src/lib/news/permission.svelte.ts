export type PermissionState = 'unsupported' | NotificationPermission

/** Whether the browser lets Baton show notifications. It is asked only when somebody switches them on. */
export class Permission {
  #state = $state.raw<PermissionState>(now())

  get state(): PermissionState {
    return this.#state
  }

  /** Asks, if it was never asked. */
  async ask(): Promise<PermissionState> {
    if (this.#state === 'default') {
      this.#state = await Notification.requestPermission().catch(() => now())
    }
    return this.#state
  }

  /** Somebody may have changed it in the settings of the browser. */
  look() {
    this.#state = now()
  }
}

function now(): PermissionState {
  return 'Notification' in window ? Notification.permission : 'unsupported'
}
