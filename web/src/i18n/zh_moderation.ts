/** Moderation as everybody meets it, and the own account, in Chinese. */
export const moderation = {
  account_page: "我的数据与账号",
  admin_area: "管理",
  held_hide: "在此隐藏",
  message_held: "等待管理员审核，通过后会自动发出。",
  message_rejected: "未发送：管理员未予通过，原因见通知。",
  message_words_refused: "未发送：含有本站不允许的词语。",
  notice_moderated: "管理员移除了这条消息",
  report: "举报",
  report_group: "举报本群",
  state_held: "等待审核",
  suspended_until: "此账号已被封停至 {until}，届时可重新登录。",
  write_again: "重新编辑",
  you_are_muted_on_site: "你已被管理员全站禁言至 {until}，原因见通知。",
  your_password: "你的密码",
};
