/** Moderation as everybody meets it, and the own account, in English. */
export const moderation = {
  account_page: "Your data and account",
  admin_area: "Admin",
  held_hide: "Hide here",
  message_held: "Waiting for a moderator. It appears as soon as it is approved.",
  message_rejected: "Not sent: a moderator did not let it through. The bell says why.",
  message_words_refused: "Not sent: some of these words are not allowed here.",
  notice_moderated: "A moderator removed this message",
  report: "Report",
  report_group: "Report this group",
  state_held: "Waiting for review",
  suspended_until: "This account is suspended until {until}. You can log in again after that.",
  write_again: "Write it differently",
  you_are_muted_on_site: "A moderator has muted you on this site until {until}. The bell says why.",
  your_password: "Your password",
};
