/** A forum to look at, among the people of `world.mjs`. */
import { community, publish } from "./community.mjs";
import { landscape } from "./picture.mjs";

const TEXT = `每年三月，成千上万的企鹅回到同一片海滩。它们怎么找到彼此？

# 声音是最好的名片

研究者录下了两百多只企鹅的叫声，发现**每一只都不一样**。The calls carry over the noise of a whole colony, and a chick knows its parents after a few days.

> 在四万只企鹅里找到自己的孩子，靠的不是眼睛，是耳朵。

- 频率高低
- 停顿长短
- 两个声部之间的差

\`\`\`rust
fn call(penguin: &Penguin) -> Voice {
    penguin.left().beat(penguin.right())
}
\`\`\`

| 种类 | 声部 | Colony |
| --- | --- | --- |
| 帝企鹅 | 2 | 40,000 |
| 阿德利企鹅 | 1 | 250,000 |

下次去南极，记得闭上眼睛听一听。`;

/**
 * @param {import("./server.mjs").Server} server
 * @param {Awaited<ReturnType<typeof import("./world.mjs").world>>} there
 */
export async function forumWorld(server, there) {
  const { me, people } = there;
  const [lin, kate, chen, tom, su, maria, zhao] = people;
  const { admin, ids } = await community(server, [
    { slug: "nature", name: "自然与科学", description: "动物、植物、天空，和一切值得问为什么的事。" },
    { slug: "tech", name: "Technology", description: "Programming, tools, and how things work." },
    { slug: "life", name: "生活", description: "吃喝玩乐。" },
    { slug: "site", name: "站务 About the site", in_top_menu: false },
  ]);
  const [nature = 0, tech = 0, life = 0, site = 0] = ids;
  await admin.patch(`/forum/categories/${nature}`, { moderator_ids: [lin.user?.id, kate.user?.id] });
  const guide = await publish(admin, site, "论坛使用指南 How to use this forum", { tags: ["help"] });
  await admin.patch(`/forum/articles/${guide.id}`, { pinned: true });
  await publish(zhao, life, "冬天的第一锅火锅", { summary: "锅底、蘸料，还有谁来洗碗的问题。", tags: ["火锅"] });
  await publish(kate, tech, "SQLite is enough for most things, and other notes from a year of running our own server", {
    summary: "A year of backups, upgrades and one very long night.",
    tags: ["sqlite", "self-hosting"],
  });
  const picture = (/** @type {import("./api.mjs").Api} */ api, /** @type {[number, number, number]} */ sky) =>
    api.upload("view.png", landscape(1200, 675, sky, [58, 92, 84]));
  await publish(chen, life, "一个人的露营清单", {
    summary: "二十件东西，背得动，用得上。",
    head_image_id: await picture(chen, [214, 140, 110]),
    tags: ["露营"],
  });
  const own = await publish(me, nature, "阿德利企鹅为什么偷石头", { summary: "石头就是房子，也是求婚的礼物。" });
  const main = await publish(lin, nature, "企鹅怎样在四万只里找到彼此", {
    text: TEXT,
    summary: "声音是最好的名片：研究者录下了两百多只企鹅的叫声，发现每一只都不一样。",
    head_image_id: await picture(lin, [92, 124, 190]),
    tags: ["penguins", "声音"],
  });
  for (const who of [me, kate, chen, tom, su]) await who.put(`/forum/articles/${main.id}/like`);
  const say = async (
    /** @type {import("./api.mjs").Api} */ who,
    /** @type {string} */ text,
    /** @type {number} */ parent_id = 0,
    article = main.id,
  ) => (await who.post(`/forum/articles/${article}/comments`, { text, ...(parent_id && { parent_id }) })).id;
  const first = await say(kate, "写得真好！录音在哪里能听到？");
  const answer = await say(lin, "I put the recordings on the group's page. They are **CC BY**.", first);
  await say(tom, "太棒了，谢谢！", answer);
  const gone = await say(chen, "这条会被删除", first);
  const comment = await say(
    su,
    "同问。还有，四万只是怎么数出来的？航拍吗？听说现在用卫星照片数粪便的颜色，误差反而更小，这也太有意思了。",
    gone,
  );
  await chen.delete(`/forum/comments/${gone}`);
  await say(maria, "¡Qué bonito! @lin_yue gracias.");
  await me.put(`/forum/comments/${first}/like`);
  await kate.put(`/forum/articles/${own.id}/like`);
  await tom.put(`/forum/articles/${own.id}/like`);
  await say(su, "所以石头也会通货膨胀吗？", 0, own.id);
  const draft = await me.post("/forum/articles", {
    category_id: nature,
    title: "在南极过冬的第一个月",
    summary: "没有太阳的日子里，时间是怎么过去的。",
    text: "# 第一周\n\n风从**没有停过**。",
    tags: ["南极"],
  });
  await people[1].say(there.group, `这篇值得一读：${server.url}/forum/articles/${main.id}`);
  return { article: main.id, comment, draft: draft.id, sharing: there.group };
}
