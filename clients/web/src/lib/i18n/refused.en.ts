/** What the service refuses most, by its codes. */
export const refusedEn = {
  "refused.accounts.email_already_registered": "This e-mail address has an account already. Sign in with it, or take another address.",
  "refused.accounts.invalid_credentials": "The e-mail address or the password is wrong. Check both and try again.",
  "refused.accounts.invalid_second_factor": "The code is not valid. Each works once: wait for the next one, or take another recovery code.",
  "refused.accounts.sign_in_busy": "Too many people are signing in at this moment. Try again in a moment.",
  "refused.accounts.totp_required": "The account asks for a second factor. Type the code from your app, too.",
  "refused.accounts.wrong_password": "The password is wrong. Check it and try again.",
  "refused.blocklists.artist_already_blocked": "This artist is on your list already. Change the entry that is there instead.",
  "refused.blocklists.artist_excepted": "You have excepted this artist. Take the exception back first.",
  "refused.blocklists.list_full": "Your list is full: it holds no more of this. Take something off first.",
  "refused.blocklists.unknown_artist": "There is no such artist. Search again.",
  "refused.shared.precondition_failed": "It was changed elsewhere meanwhile. Look at what is there now, and decide whether your change still holds.",
  "refused.shared.unavailable": "The service is too busy at this moment. Try again soon.",
  "refused.too_many_one": "Too many attempts. Try again in {count} second.",
  "refused.too_many_many": "Too many attempts. Try again in {count} seconds.",
} as const;
