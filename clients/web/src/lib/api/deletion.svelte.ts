/** Whether the account is about to be erased; every screen says so while it is. */
import {
  cancelDeletion,
  getDeletion,
  isProblem,
  requestDeletion,
  unwrap,
  type ScheduledDeletion,
} from "@nodrake/client";
import { account } from "./session.svelte";

class Deletion {
  scheduled = $state.raw<ScheduledDeletion | null>(null);

  /** Look whether there is one; where nobody can say, what was known stays. */
  async check(): Promise<void> {
    const { data, error } = await getDeletion({ client: account.client });
    if (data) this.scheduled = data;
    else if (isProblem(error) && error.code === "privacy.deletion_not_requested") this.scheduled = null;
  }

  async request(): Promise<void> {
    this.scheduled = await unwrap(requestDeletion({ client: account.client }));
  }

  async cancel(): Promise<void> {
    const { error } = await cancelDeletion({ client: account.client });
    // Cancelled on another device meanwhile: that is what was wanted.
    const isGone = isProblem(error) && error.code === "privacy.deletion_not_requested";
    if (error !== undefined && !isGone) await unwrap(Promise.resolve({ error }));
    this.scheduled = null;
  }
}

export const deletion = new Deletion();
