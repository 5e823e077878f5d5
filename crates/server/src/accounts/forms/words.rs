//! What the forms say, in the reader's language. The client's own words are in `web/src/i18n`.

use axum::http::HeaderMap;
use protocol::Code;

use crate::language::Language;
use crate::problem::Refusal;

/// One language.
pub(super) struct Words {
    pub(super) language: Language,
    pub(super) log_in: &'static str,
    pub(super) register: &'static str,
    pub(super) username: &'static str,
    pub(super) password: &'static str,
    pub(super) name: &'static str,
    pub(super) invitation: &'static str,
    pub(super) no_account: &'static str,
    pub(super) have_account: &'static str,
    pub(super) closed: &'static str,
    wrong: &'static str,
    suspended: &'static str,
    unwelcome: &'static str,
    stale: &'static str,
    taken: &'static str,
    too_often: &'static str,
    username_invalid: &'static str,
    password_invalid: &'static str,
    name_invalid: &'static str,
    invitation_invalid: &'static str,
    failed: &'static str,
}

const ENGLISH: Words = Words {
    language: Language::English,
    log_in: "Log in",
    register: "Create an account",
    username: "Username",
    password: "Password",
    name: "Name (optional)",
    invitation: "Invitation code",
    no_account: "No account yet?",
    have_account: "Already have an account?",
    closed: "Registration is closed here.",
    wrong: "Wrong username or password.",
    suspended: "This account is suspended for now.",
    unwelcome: "That name is not allowed here.",
    stale: "This page was too old. Please try again.",
    taken: "This username is taken. Please choose another.",
    too_often: "Too many attempts. Please wait a little and try again.",
    username_invalid: "A username has 3 to 32 letters or digits.",
    password_invalid: "A password has 8 to 256 characters.",
    name_invalid: "A name has at most 64 characters.",
    invitation_invalid: "This invitation is not valid.",
    failed: "That did not work. Please try again.",
};

const CHINESE: Words = Words {
    language: Language::Chinese,
    log_in: "登录",
    register: "注册账号",
    username: "用户名",
    password: "密码",
    name: "昵称（可不填）",
    invitation: "邀请码",
    no_account: "还没有账号？",
    have_account: "已有账号？",
    closed: "本站暂不开放注册。",
    wrong: "用户名或密码错误。",
    suspended: "此账号已被暂停使用。",
    unwelcome: "本站不允许使用该名称。",
    stale: "页面已过期，请再试一次。",
    taken: "用户名已被占用，请换一个。",
    too_often: "尝试次数过多，请稍后再试。",
    username_invalid: "用户名为 3 到 32 个字母或数字。",
    password_invalid: "密码为 8 到 256 个字符。",
    name_invalid: "昵称最多 64 个字符。",
    invitation_invalid: "邀请码无效。",
    failed: "操作失败，请再试一次。",
};

impl Words {
    /// What is wrong, for a person.
    pub(super) fn complaint(&self, refusal: &Refusal) -> &'static str {
        let errors = refusal.problem().errors;
        match refusal.code() {
            Code::WrongCredentials => self.wrong,
            Code::Suspended => self.suspended,
            Code::WordsRefused => self.unwelcome,
            Code::CsrfFailed => self.stale,
            Code::UsernameTaken => self.taken,
            Code::RateLimited => self.too_often,
            Code::RegistrationClosed => self.invitation_invalid,
            Code::Invalid if errors.contains_key("username") => self.username_invalid,
            Code::Invalid if errors.contains_key("password") => self.password_invalid,
            Code::Invalid if errors.contains_key("name") => self.name_invalid,
            _ => self.failed,
        }
    }
}

/// In the language that the browser asks for.
pub(super) fn words_for(headers: &HeaderMap) -> &'static Words {
    match Language::asked(headers) {
        Language::English => &ENGLISH,
        Language::Chinese => &CHINESE,
    }
}
