//! What seeded people say: sentences in Chinese and English, so that searches of both kinds have something to find.
//!
//! In each sentence `@` stands for a thing, `#` for a place, `$` for a day and `%` for a number of up to four digits.

use delivery::Random;

const SENTENCES: [&str; 24] = [
    "Shall we move the @ to $?",
    "I left the @ at #, could you bring it along on $?",
    "The @ is ready. Ticket %.",
    "Who has seen the @? It was at # yesterday.",
    "Thanks, that helps a lot!",
    "ok, see you at # on $",
    "Can you look at the @ before $? I am stuck at step %.",
    "No hurry with the @.",
    "We are % people on $, # should be large enough.",
    "haha, exactly what I thought about the @",
    "The train to # is % minutes late",
    "Order % has arrived, the @ is in it.",
    "@我们$再讨论吧",
    "我在#，你什么时候到？",
    "收到，谢谢！",
    "@已经改好了，编号是%，麻烦看一下",
    "$去#吃饭吗？",
    "好的，明白了",
    "谁看到我的@了？昨天放在#的",
    "第%号@有问题，$之前能修好吗",
    "哈哈哈，我也是这么想的",
    "今天#人太多了，改到$吧",
    "@先这样，不着急",
    "大家$有空吗？一共%个人，在#集合",
];

const THINGS: [(&str, &str); 16] = [
    ("meeting", "会议"),
    ("report", "报告"),
    ("invoice", "发票"),
    ("umbrella", "雨伞"),
    ("keyboard", "键盘"),
    ("camera", "相机"),
    ("contract", "合同"),
    ("homework", "作业"),
    ("password", "密码"),
    ("birthday cake", "生日蛋糕"),
    ("penguin", "企鹅"),
    ("server", "服务器"),
    ("ticket", "车票"),
    ("design", "设计稿"),
    ("bicycle", "自行车"),
    ("project plan", "项目计划"),
];

const PLACES: [(&str, &str); 8] = [
    ("the library", "图书馆"),
    ("the canteen", "食堂"),
    ("the office", "办公室"),
    ("Beijing", "北京"),
    ("Shanghai", "上海"),
    ("the east gate", "东门"),
    ("the gym", "体育馆"),
    ("room 302", "三零二教室"),
];

const DAYS: [(&str, &str); 7] = [
    ("Monday", "星期一"),
    ("Tuesday", "星期二"),
    ("Wednesday", "星期三"),
    ("Thursday", "星期四"),
    ("Friday", "星期五"),
    ("Saturday", "星期六"),
    ("Sunday", "星期天"),
];

/// Something that somebody says.
pub(super) fn text(dice: &Random) -> String {
    let sentence = SENTENCES[below(dice, SENTENCES.len())];
    let is_chinese = !sentence.is_ascii();
    let one = |words: &[(&'static str, &'static str)]| {
        let (english, chinese) = words[below(dice, words.len())];
        if is_chinese { chinese } else { english }
    };
    let mut text = String::with_capacity(sentence.len() + 32);
    for part in sentence.chars() {
        match part {
            '@' => text.push_str(one(&THINGS)),
            '#' => text.push_str(one(&PLACES)),
            '$' => text.push_str(one(&DAYS)),
            '%' => text.push_str(&dice.below(10_000).to_string()),
            other => text.push(other),
        }
    }
    text
}

fn below(dice: &Random, end: usize) -> usize {
    usize::try_from(dice.below(end as u64)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_in_the_language_of_its_sentence() {
        let dice = Random::seeded(3);
        let texts: Vec<String> = (0..1_000).map(|_| text(&dice)).collect();
        assert!(texts.iter().any(|text| text.contains("会议")));
        assert!(texts.iter().any(|text| text.contains("meeting")));
        assert!(!texts.iter().any(|text| text.contains(['@', '#', '$', '%'])));
        let mixed = texts.iter().filter(|text| text.contains("Monday") && !text.is_ascii());
        assert_eq!(mixed.count(), 0);
    }
}
